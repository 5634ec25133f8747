import { outlineOf, planEdit, read, spliced } from '@caruso/dialog-script';
import { expect, it } from 'vitest';
import { moveEdit } from './move-edit.js';

const text = `<script id="t" version="1" xml:lang="en"><section id="s">
  <info id="a"><say>A</say></info>
  <info id="b"><say>B</say></info>
  <end id="c" outcome="x"/>
</section></script>
`;

it('moves an element by one place, and not beyond its neighbours', () => {
  const document = read(text, 't.xml');
  if (document.root === undefined) throw new Error('it is well-formed');
  const outline = outlineOf(document.root, text);
  const moved = (path: string, by: -1 | 1): string[] | undefined => {
    const edit = moveEdit(outline, path, by);
    const change = edit === undefined ? undefined : planEdit(document, edit);
    if (change === undefined) return undefined;
    return [...spliced(text, change.splices).matchAll(/ id="([abc])"/g)].map((found) => found[1] ?? '');
  };
  expect(moved('/script/section[1]/info[1]', 1)).toEqual(['b', 'a', 'c']);
  expect(moved('/script/section[1]/info[2]', 1)).toEqual(['a', 'c', 'b']);
  expect(moved('/script/section[1]/info[2]', -1)).toEqual(['b', 'a', 'c']);
  expect(moved('/script/section[1]/info[1]', -1)).toBeUndefined();
  expect(moved('/script/section[1]/end[1]', 1)).toBeUndefined();
});
