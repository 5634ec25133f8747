import type { Edit, OutlineNode } from '@caruso/dialog-script';

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
