import type { ExpressionErrorCode } from './errors.js';

/** What is wrong in an expression's source, where, and what would be right. */
export interface ExpressionFault {
  code: ExpressionErrorCode;
  message: string;
  remedy: string;
  /** UTF-16 units from the start of the source as written */
  offset: number;
  length: number;
  /** 1-based */
  line: number;
  /** 1-based, in UTF-16 units */
  column: number;
}

export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** Builds the fault for a span of `source`, held within it. */
export function faultAt(
  source: string,
  span: Span,
  code: ExpressionErrorCode,
  message: string,
  remedy: string,
): ExpressionFault {
  const offset = Math.min(Math.max(span.offset, 0), source.length);
  const length = Math.min(Math.max(span.length, 0), source.length - offset);
  const before = source.slice(0, offset).split(/\r\n|\r|\n/);
  return { code, message, remedy, offset, length, line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** The source of a span as a message quotes it, shortened. */
export function quote(source: string, span: Span): string {
  const text = source.slice(span.offset, span.offset + span.length).replace(/\s+/g, ' ');
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
