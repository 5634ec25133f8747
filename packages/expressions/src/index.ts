export { type Builtin, builtins } from './builtins.js';
export { ExpressionError, type ExpressionErrorCode } from './errors.js';
export {
  type Compiled,
  type CompileOptions,
  compile,
  type EvaluationContext,
  type Expression,
} from './expression.js';
export type { ExpressionFault } from './fault.js';
export { compileLike, type LikePattern } from './like.js';
export { defaultLimits, type Limits } from './limits.js';
export { didYouMean, nearest } from './nearest.js';
export {
  type ArithmeticOperator,
  type BinaryNode,
  type BinaryOperator,
  type CallNode,
  childrenOf,
  type IndexNode,
  type ListNode,
  type LiteralNode,
  type MacroName,
  type MacroNode,
  type Node,
  type OrderOperator,
  type PathNode,
  type SelectNode,
  type TernaryNode,
  type UnaryNode,
} from './node.js';
export type { Schema, SchemaFunction } from './schema.js';
export {
  type CompiledTemplate,
  compileTemplate,
  type Template,
  type TemplateFault,
  type TemplatePath,
} from './template.js';
export { typeName, type ValueType } from './value-type.js';
