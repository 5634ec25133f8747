/** The codes of compile faults and evaluation errors. */
export type ExpressionErrorCode =
  /** the text is no expression */
  | 'EXPRESSION_SYNTAX'
  /** a variable the schema does not have */
  | 'EXPRESSION_UNKNOWN_NAME'
  /** an attribute the object does not have */
  | 'EXPRESSION_UNKNOWN_ATTRIBUTE'
  /** a function that does not exist */
  | 'EXPRESSION_UNKNOWN_FUNCTION'
  /** operands, arguments or the result have the wrong type */
  | 'EXPRESSION_TYPE'
  /** part of CEL that is left out on purpose */
  | 'EXPRESSION_NOT_OFFERED'
  /** too long, too deep, too many nodes or steps */
  | 'EXPRESSION_LIMIT'
  /** a value given to evaluate(), or a result, is not what the schema promised */
  | 'EXPRESSION_VALUE'
  /** a function of the schema threw */
  | 'EXPRESSION_FUNCTION';

/** Thrown by {@link Expression.evaluate}; `compile` returns faults and never throws. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly code: ExpressionErrorCode;
  readonly remedy: string;

  constructor(code: ExpressionErrorCode, message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.remedy = remedy;
  }
}

export function valueError(message: string, remedy: string): ExpressionError {
  return new ExpressionError('EXPRESSION_VALUE', message, remedy);
}
