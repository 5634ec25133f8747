import { quote } from './fault.js';
import type { BinaryNode, Node } from './node.js';
import { isList, isNumeric, isObject } from './value-type.js';

/** What would be right where two operands do not go together. */
export function remedyForOperands(source: string, node: BinaryNode): string {
  const { left, right, operator } = node;
  const text = (part: Node) => quote(source, part);
  const pair = (is: (part: Node) => boolean): Node | undefined => (is(left) ? left : is(right) ? right : undefined);

  const money = pair((part) => part.type === 'money');
  if (money !== undefined) return `use its amount: ${text(money)}.amount`;
  if (operator === 'in') {
    if (right.type === 'text') return `write ${text(right)}.contains(${text(left)})`;
    return isList(right.type)
      ? 'look for a value of the type of the elements'
      : "put a list on the right: x in ['a', 'b']";
  }
  const object = pair((part) => isObject(part.type));
  if (object !== undefined) return `name an attribute of it, such as its key: ${text(object)}.id`;
  const list = pair((part) => isList(part.type));
  if (list !== undefined) return `ask the list something: ${text(list)}.size(), ${text(list)}.exists(x, ...)`;
  const day = pair((part) => part.type === 'date');
  const instant = pair((part) => part.type === 'datetime');
  if (day !== undefined && instant !== undefined) return `take the day of the instant: date(${text(instant)})`;
  const words = pair((part) => part.type === 'text');
  if (words !== undefined && day !== undefined) return `write a day as date('2026-01-31'), here date(${text(words)})`;
  if (words !== undefined && instant !== undefined) return "write an instant as datetime('2026-01-31T09:00:00Z')";
  const number = pair((part) => isNumeric(part.type));
  const span = pair((part) => part.type === 'duration');
  if (number !== undefined && (span !== undefined || day !== undefined || instant !== undefined)) {
    return `write a duration with its unit: ${text(number)}s, ${text(number)}m, ${text(number)}h or ${text(number)}d`;
  }
  if (words !== undefined && operator === '+') return `make a text of it: text(${text(words === left ? right : left)})`;
  return 'use two values of the same type';
}
