import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import { formatDecimal, parseLiteral } from './decimal.js';
import { parseDuration } from './duration.js';
import type { ExpressionErrorCode } from './errors.js';
import { type ExpressionFault, faultAt, quote, type Span } from './fault.js';
import { parseInteger } from './integer.js';
import { type BinaryOperator, isMacro, type Node, type PathNode } from './node.js';
import type { ValueType } from './value-type.js';
import type { Rewritten } from './words.js';

// Our own limits bind first; these only keep the parser from recursing without end when a caller raises ours.
const environment = new Environment({
  unlistedVariablesAreDyn: true,
  limits: { maxDepth: 1000, maxAstNodes: 100_000, maxListElements: 100_000, maxCallArguments: 100 },
});

const OPERATORS: ReadonlyMap<string, BinaryOperator> = new Map<string, BinaryOperator>([
  ['&&', 'and'],
  ['||', 'or'],
  ['==', '='],
  ['!=', '<>'],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
  ['in', 'in'],
  ['+', '+'],
  ['-', '-'],
  ['*', '*'],
  ['/', '/'],
  ['%', '%'],
]);
/** Parses CEL and turns the parser's tree into ours, with positions in the source as written and types still open. */
export function readTree(
  source: string,
  rewritten: Rewritten,
): { tree: Node; faults: ExpressionFault[] } | ExpressionFault {
  let ast: ASTNode;
  try {
    ast = environment.parse(rewritten.text).ast;
  } catch (error) {
    return parseFault(source, rewritten, error);
  }
  const reader = new Reader(source, rewritten);
  return { tree: reader.read(ast), faults: reader.faults };
}

function pathNode(
  { offset, length }: Span,
  root: string,
  attributes: readonly string[],
  attributeOffsets: readonly number[],
): PathNode {
  return { offset, length, type: 'any', kind: 'path', root, attributes, attributeOffsets, local: false };
}

class Reader {
  readonly faults: ExpressionFault[] = [];
  readonly #source: string;
  readonly #rewritten: Rewritten;

  constructor(source: string, rewritten: Rewritten) {
    this.#source = source;
    this.#rewritten = rewritten;
  }

  read(ast: ASTNode): Node {
    const at = this.#rewritten.toSource(ast.start, ast.end);
    // Frequent nodes are written out: those of one shape are made several times as fast as spread ones.
    const { offset, length } = at;
    const base = { offset, length, type: 'any' as const };
    switch (ast.op) {
      case 'value':
        return this.#literal(ast.args, at);
      case 'id':
        return pathNode(at, ast.args, [], []);
      case '.': {
        const target = this.read(ast.args[0]);
        return this.#attribute(target, ast.args[1], this.#rewritten.toSource(ast.pos, ast.end).offset, at);
      }
      case '[]':
        return { ...base, kind: 'index', list: this.read(ast.args[0]), index: this.read(ast.args[1]) };
      case 'call':
        return this.#call(ast.args[0], at.offset, ast.args[1], at);
      case 'rcall':
        return this.#method(ast.args[0], ast.args[1], ast.args[2], at);
      case 'list':
        return { ...base, kind: 'list', items: ast.args.map((item) => this.read(item)) };
      case '?:': {
        const [condition, whenTrue, whenFalse] = ast.args.map((part) => this.read(part)) as [Node, Node, Node];
        return { ...base, kind: 'ternary', condition, whenTrue, whenFalse };
      }
      case '!_':
        return { ...base, kind: 'unary', operator: 'not', operand: this.read(ast.args) };
      case '-_':
        return this.#minus(this.read(ast.args), at);
      case 'map':
        return this.#refuse(at, 'maps are not offered', 'name attributes of objects, or use a list [a, b]');
      case '.?':
      case '[?]':
        return this.#refuse(at, `'${ast.op}' is not offered`, "write '.': an attribute of a missing object is null");
      default: {
        const operator = OPERATORS.get(ast.op);
        if (operator === undefined) return this.#refuse(at, `'${ast.op}' is not offered`, 'see the language reference');
        const left = this.read(ast.args[0]);
        return { offset, length, type: 'any', kind: 'binary', operator, left, right: this.read(ast.args[1]) };
      }
    }
  }

  #literal(value: unknown, at: Span): Node {
    const { offset, length } = at;
    const literal = (type: ValueType, wire: string | number | bigint | boolean | null): Node => ({
      offset,
      length,
      kind: 'literal',
      type,
      value: wire,
    });
    if (value === null) return literal('null', null);
    if (typeof value === 'string') return literal('text', value);
    if (typeof value === 'boolean') return literal('boolean', value);
    if (typeof value === 'bigint') {
      const integer = parseInteger(value);
      if (integer !== undefined) return literal('integer', integer);
      // one past the largest is only readable with the minus before it; it is rare enough to refuse
      return this.#refuse(at, `${value} does not fit an integer of 64 bits`, `write ${value}.0, a decimal`);
    }
    if (typeof value === 'number') {
      const decimal = parseLiteral(this.#source.slice(at.offset, at.offset + at.length));
      if (decimal !== undefined) return literal('decimal', formatDecimal(decimal));
      return this.#refuse(
        at,
        `${quote(this.#source, at)} passes the range of decimals`,
        'use at most 400 digits on either side of the point',
      );
    }
    return this.#refuse(at, 'byte and unsigned literals are not offered', "use text 'x' or a number");
  }

  /** -5 is a literal, not a calculation. */
  #minus(operand: Node, at: Span): Node {
    if (operand.kind === 'literal' && typeof operand.value === 'number') {
      return { ...operand, ...at, value: -operand.value + 0 };
    }
    if (operand.kind === 'literal' && operand.type === 'decimal' && typeof operand.value === 'string') {
      const negative = operand.value.startsWith('-') ? operand.value.slice(1) : `-${operand.value}`;
      return { ...operand, ...at, value: operand.value === '0' ? '0' : negative };
    }
    return { ...at, type: 'any', kind: 'unary', operator: '-', operand };
  }

  #attribute(target: Node, attribute: string, attributeOffset: number, at: Span): Node {
    if (target.kind !== 'path') return { ...at, type: 'any', kind: 'select', target, attribute, attributeOffset };
    const attributes = [...target.attributes, attribute];
    const attributeOffsets = [...target.attributeOffsets, attributeOffset];
    return pathNode(at, target.root, attributes, attributeOffsets);
  }

  #call(name: string, nameOffset: number, args: readonly ASTNode[], at: Span): Node {
    const base = { ...at, type: 'any' as const };
    const nodes = args.map((arg) => this.read(arg));
    const [first] = nodes;
    if (name === 'duration' && first !== undefined && nodes.length === 1) return this.#duration(first, at);
    if (name === 'has' && first !== undefined && nodes.length === 1) {
      const right: Node = { offset: at.offset, length: at.length, type: 'null', kind: 'literal', value: null };
      return { ...base, kind: 'binary', operator: '<>', left: first, right };
    }
    return { ...base, kind: 'call', name, nameOffset, args: nodes };
  }

  #duration(text: Node, at: Span): Node {
    const value = text.kind === 'literal' && typeof text.value === 'string' ? parseDuration(text.value) : undefined;
    if (value !== undefined) return { ...at, type: 'duration', kind: 'literal', value };
    const message = `${quote(this.#source, at)} is no duration`;
    return this.#refuse(at, message, 'write a duration as 20s, 15m, 2h, 3d or 1h30m', 'EXPRESSION_TYPE');
  }

  #method(name: string, receiver: ASTNode, args: readonly ASTNode[], at: Span): Node {
    const [variable, second, third] = args;
    if (isMacro(name) && variable?.op === 'id' && second !== undefined) {
      const list = this.read(receiver);
      const bound = { ...at, type: 'any' as const, kind: 'macro' as const, variable: variable.args };
      const body = this.read(second);
      if (args.length === 2) return { ...bound, name, list, body };
      if (args.length === 3 && name === 'map' && third !== undefined) {
        return { ...bound, name, list: { ...bound, name: 'filter', list, body }, body: this.read(third) };
      }
    }
    const after = this.#rewritten.text.slice(receiver.end);
    const nameStart = receiver.end + Math.max(0, after.search(new RegExp(`(?<=\\.\\s*)${name}\\b`)));
    const { offset } = this.#rewritten.toSource(nameStart, nameStart + name.length);
    if (isMacro(name)) {
      const remedy = `write list.${name}(x, ...) with a name for the element and what is asked of it`;
      return this.#refuse({ offset, length: name.length }, `${name}() needs a name and an expression`, remedy);
    }
    return this.#call(name, offset, [receiver, ...args], at);
  }

  #refuse(at: Span, message: string, remedy: string, code: ExpressionErrorCode = 'EXPRESSION_NOT_OFFERED'): Node {
    this.faults.push(faultAt(this.#source, at, code, message, remedy));
    return { ...at, kind: 'literal', type: 'any', value: null };
  }
}

const TOKENS: ReadonlyMap<string, string> = new Map([
  ['EOF', 'the end'],
  ['IDENTIFIER', 'a name'],
  ['NUMBER', 'a number'],
  ['STRING', 'a text'],
  ['LPAREN', "'('"],
  ['RPAREN', "')'"],
  ['LBRACKET', "'['"],
  ['RBRACKET', "']'"],
  ['LBRACE', "'{'"],
  ['RBRACE', "'}'"],
  ['COLON', "':'"],
  ['COMMA', "','"],
  ['DOT', "'.'"],
  ['QUESTION', "'?'"],
]);

/** The parser's complaint in terms of the source as written. */
function parseFault(source: string, rewritten: Rewritten, error: unknown): ExpressionFault {
  if (!(error instanceof ParseError)) {
    // a RangeError: the parser ran out of stack
    const message = 'the expression is nested too deeply to be read';
    return faultAt(source, { offset: 0, length: source.length }, 'EXPRESSION_LIMIT', message, 'split it');
  }
  const at = rewritten.toSource(error.range?.start ?? 0, error.range?.end ?? 0);
  const fault = (message: string, remedy: string, code: ExpressionErrorCode = 'EXPRESSION_SYNTAX') =>
    faultAt(source, at, code, message, remedy);
  const found = at.offset >= source.trimEnd().length ? 'the end' : `'${quote(source, wordAt(source, at))}'`;
  switch (error.code) {
    case 'limit_exceeded':
      return fault('the expression is too large', 'split it into several attributes or conditions', 'EXPRESSION_LIMIT');
    case 'reserved_identifier':
      return fault(`${found} is a reserved word`, 'rename the variable');
    case 'unterminated_string':
    case 'unterminated_triple_quoted_string':
      return fault('a text is not closed', 'close it with the quote it begins with');
    case 'newline_in_string':
      return fault('a text is not closed on its line', "close it, or write a line break as '\\n'");
    case 'invalid_macro_argument':
      return fault(
        error.summary.replace(/ invalid .*/, ' needs a plain name first'),
        'write list.exists(x, x.attribute = 1)',
      );
    case 'expected_token': {
      const wanted = TOKENS.get(/^Expected (\w+)/.exec(error.summary)?.[1] ?? '') ?? 'something else';
      return fault(`${wanted} is expected, but there is ${found}`, remedyFor(found) ?? `put ${wanted} there`);
    }
    case 'unexpected_character':
    case 'unexpected_token':
      if (found === 'the end') return fault('the expression stops short', 'add what is missing at the end');
      return fault(`unexpected ${found}`, remedyFor(found) ?? 'check operators, brackets and commas before it');
    default:
      return fault(error.summary, 'see the language reference');
  }
}

function remedyFor(found: string): string | undefined {
  const word = found.slice(1, -1).toLowerCase();
  if (word === 'and' || word === 'or' || word === 'not') return `write '${word}' in small letters, between conditions`;
  if (word === 'is') return "write '= null' or '<> null'";
  if (word === 'like') return "write like(text, '%pattern_')";
  return word === '&' || word === '|' ? "write 'and' or 'or'" : undefined;
}

function wordAt(source: string, at: Span): Span {
  const word = /^\w+/.exec(source.slice(at.offset))?.[0];
  return word === undefined
    ? { offset: at.offset, length: Math.max(1, at.length) }
    : { offset: at.offset, length: word.length };
}
