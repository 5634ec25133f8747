import { childrenOf, compile, type Node, type Schema, type ValueType } from '@caruso/expressions';

type Types = NonNullable<Schema['objects']>;

/** What is renamed: an attribute or relation of an object, and of those that extend it. */
export interface Renaming {
  objects: ReadonlySet<string>;
  name: string;
  to: string;
}

/**
 * The expression with every use of a renamed attribute under its new name; as it is where it cannot be read. Pure.
 *
 * @param scope the object whose attributes it names without more
 * @param variables names beside those attributes, with the objects they stand for
 */
export function renameInExpression(
  source: string,
  scope: string,
  variables: Readonly<Record<string, ValueType>>,
  objects: Types,
  renaming: Renaming,
): string {
  const own = objects[scope] ?? {};
  const compiled = compile(source, { variables: { ...variables, ...own }, objects });
  if (!compiled.ok) return source;
  const places: number[] = [];
  const { objects: holders, name, to } = renaming;
  const step = (holder: string | undefined, attribute: string, offset: number): string | undefined => {
    if (holder !== undefined && holders.has(holder) && attribute === name) places.push(offset);
    return holder === undefined ? undefined : objectOf(objects[holder]?.[attribute]);
  };
  const walk = (node: Node, locals: ReadonlyMap<string, string | undefined>): void => {
    if (node.kind === 'path') {
      let holder: string | undefined;
      if (node.local) holder = locals.get(node.root);
      else if (Object.hasOwn(own, node.root)) holder = step(scope, node.root, node.offset);
      else holder = objectOf(variables[node.root]);
      for (const [index, attribute] of node.attributes.entries())
        holder = step(holder, attribute, node.attributeOffsets[index] ?? -1);
    } else if (node.kind === 'select') {
      step(objectOf(node.target.type), node.attribute, node.attributeOffset);
    }
    if (node.kind === 'macro') {
      walk(node.list, locals);
      walk(node.body, new Map(locals).set(node.variable, objectOf(node.list.type)));
    } else for (const child of childrenOf(node)) walk(child, locals);
  };
  walk(compiled.expression.tree, new Map());
  return places
    .filter((at) => source.startsWith(name, at))
    .sort((left, right) => right - left)
    .reduce((text, at) => text.slice(0, at) + to + text.slice(at + name.length), source);
}

function objectOf(type: ValueType | undefined): string | undefined {
  if (typeof type !== 'object') return undefined;
  if ('object' in type) return type.object;
  return objectOf(type.list);
}
