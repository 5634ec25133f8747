import { type Edit, holds, type OutlineNode } from '@caruso/dialog-script';

/** The first node of a tree that is as asked. */
export function nodeAt(node: OutlineNode, is: (node: OutlineNode) => boolean): OutlineNode | undefined {
  if (is(node)) return node;
  for (const child of node.children) {
    const found = nodeAt(child, is);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where the element of a path can be put: before its sibling above, or behind the one below. */
export function moveEdit(outline: OutlineNode, path: string, by: -1 | 1): Edit | undefined {
  const parent = nodeAt(outline, ({ children }) => children.some((child) => child.path === path));
  const index = parent?.children.findIndex((child) => child.path === path) ?? -1;
  if (parent === undefined) return undefined;
  const before = parent.children[by < 0 ? index - 1 : index + 2];
  if ((by < 0 && before === undefined) || (by > 0 && index === parent.children.length - 1)) return undefined;
  return { kind: 'move', at: path, parent: parent.path, before: before?.path };
}

/** The step that an element is in or is: its section, and the step behind it. */
export function stepAround(
  outline: OutlineNode | undefined,
  path: string | undefined,
): { section: string; next: string | undefined } | undefined {
  if (outline === undefined || path === undefined) return undefined;
  const isIn = (node: OutlineNode): boolean => path === node.path || path.startsWith(`${node.path}/`);
  const section = nodeAt(outline, (node) => node.name === 'section' && isIn(node));
  if (section === undefined) return undefined;
  const steps = section.children.filter(({ name }) => name !== 'title' && holds('section', name) !== undefined);
  const index = steps.findIndex(isIn);
  return { section: section.path, next: index < 0 ? undefined : steps[index + 1]?.path };
}
