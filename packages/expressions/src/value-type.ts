/** The type of a value in an expression; `{ object }` names an entry of {@link Schema.objects}. */
export type ValueType =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'number'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'duration'
  | 'money'
  | 'any'
  | 'null'
  | { list: ValueType }
  | { object: string };

/** `{ list: 'text' }` as a reader says it: "list of text". */
export function typeName(type: ValueType): string {
  if (typeof type === 'string') return type;
  return 'list' in type ? `list of ${typeName(type.list)}` : type.object;
}

export function isNumeric(type: ValueType): type is 'integer' | 'decimal' | 'number' {
  return type === 'integer' || type === 'decimal' || type === 'number';
}

export function isList(type: ValueType): type is { list: ValueType } {
  return typeof type === 'object' && 'list' in type;
}

export function isObject(type: ValueType): type is { object: string } {
  return typeof type === 'object' && 'object' in type;
}

export function sameType(left: ValueType, right: ValueType): boolean {
  if (isList(left) && isList(right)) return sameType(left.list, right.list);
  if (isObject(left) && isObject(right)) return left.object === right.object;
  return left === right;
}

/** The type both values fit in (integer and decimal: decimal; null and text: text), or undefined. */
export function unify(left: ValueType, right: ValueType): ValueType | undefined {
  if (sameType(left, right)) return left;
  if (left === 'null') return right;
  if (right === 'null') return left;
  if (left === 'any' || right === 'any') return 'any';
  if (isNumeric(left) && isNumeric(right)) return left === 'number' || right === 'number' ? 'number' : 'decimal';
  if (isList(left) && isList(right)) {
    const list = unify(left.list, right.list);
    return list === undefined ? undefined : { list };
  }
  return undefined;
}

/** Whether a value of type `from` may stand where `to` is wanted. An integer is never made out of a decimal. */
export function fits(from: ValueType, to: ValueType): boolean {
  if (from === 'any' || to === 'any' || from === 'null' || sameType(from, to)) return true;
  if (isNumeric(from) && isNumeric(to)) return to !== 'integer';
  if (isList(from) && isList(to)) return fits(from.list, to.list);
  return false;
}
