import type { ValueType } from '@caruso/expressions';

/** The part of a JSON schema that says what a method's input or output is made of; `{}` is anything. */
export interface Shape {
  type?: string | string[];
  format?: string;
  properties?: Record<string, Shape>;
  required?: string[];
  items?: Shape;
  additionalProperties?: boolean | Shape;
  anyOf?: Shape[];
}

/** What stands at a path (`['values', 'kind']`) of an input; undefined where the input has no such place. */
export function shapeAt(shape: Shape, path: readonly string[]): Shape | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return shape;
  const property = shape.properties?.[name];
  if (property !== undefined) return shapeAt(property, rest);
  if (typeof shape.additionalProperties === 'object') return shapeAt(shape.additionalProperties, rest);
  const open = shape.properties === undefined || shape.additionalProperties === true;
  return open ? {} : undefined;
}

/**
 * The type that an output has in expressions. Text stays open (`any`): on the wire decimals, dates and keys are text too,
 * and mean what they are compared with.
 */
export function typeOfShape(shape: Shape, name: string, objects: Record<string, Record<string, ValueType>>): ValueType {
  if (shape.type === 'boolean' || shape.type === 'integer' || shape.type === 'number') return shape.type;
  if (shape.type === 'array') return { list: typeOfShape(shape.items ?? {}, name, objects) };
  if (shape.type === 'object' && shape.properties !== undefined && Object.keys(shape.properties).length > 0) {
    const attributes: Record<string, ValueType> = {};
    for (const [attribute, inner] of Object.entries(shape.properties)) {
      attributes[attribute] = typeOfShape(inner, `${name}.${attribute}`, objects);
    }
    objects[name] = attributes;
    return { object: name };
  }
  return 'any';
}

/** Whether a value of an expression's type may stand where the shape asks for a value; a found object stands as its key. */
export function accepts(shape: Shape, type: ValueType): boolean {
  if (shape.type === undefined || Array.isArray(shape.type) || type === 'any' || type === 'null') return true;
  const isList = typeof type === 'object' && 'list' in type;
  switch (shape.type) {
    case 'boolean':
      return type === 'boolean';
    case 'integer':
      return type === 'integer';
    case 'number':
      return type === 'integer' || type === 'number' || type === 'duration';
    case 'array':
      return isList;
    case 'object':
      return type === 'money' || (typeof type === 'object' && !isList);
    case 'string':
      return !isList && !['boolean', 'integer', 'number', 'money', 'duration'].includes(String(type));
    default:
      return true;
  }
}
