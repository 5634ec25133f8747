import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { read } from '../read.js';
import { elementAt, elementsOf, type XmlElement } from '../xml-tree.js';
import { byHand } from './by-hand.test.data.js';
import { type Edit, planEdit, textAt } from './edit.js';
import { type OutlineNode, outlineOf } from './outline.js';
import { inverted, type Splice, spliced } from './splice.js';
import { vocabulary } from './vocabulary.js';

const edited = (text: string, edit: Edit): string => {
  const change = planEdit(read(text, 't.xml'), edit);
  if (change === undefined) throw new Error(`nothing came of ${JSON.stringify(edit)}`);
  return spliced(text, change.splices);
};
const nodes = (text: string): OutlineNode[] => {
  const { root } = read(text, 't.xml');
  if (root === undefined) throw new Error('not well-formed');
  const all = (node: OutlineNode): OutlineNode[] => [node, ...node.children.flatMap(all)];
  return all(outlineOf(root, text));
};
const pathOf = (text: string, id: string): string => nodes(text).find((node) => node.id === id)?.path ?? '';
const lines = (text: string): string[] => text.split('\n');

describe('an edit by hand-written rules', () => {
  test('a step that is moved takes the comment above it along, and nothing else changes', () => {
    const after = edited(byHand, { kind: 'move', at: pathOf(byHand, 'ask'), parent: '/script/section[2]' });
    expect(after).toContain('    <!-- Asked of everybody. -->\n    <question   id = "ask"');
    expect(lines(after).toSorted()).toEqual(lines(byHand).toSorted());
  });

  test('a step that is removed leaves the comments', () => {
    const after = edited(byHand, { kind: 'remove', at: pathOf(byHand, 'hello') });
    expect(lines(byHand).filter((line) => !lines(after).includes(line))).toEqual([
      "  <info id='hello'><say>Hello</say></info>   ",
    ]);
  });

  test('a new id is put wherever the old one is named, between the quotes that were there', () => {
    const after = edited(byHand, { kind: 'rename', at: pathOf(byHand, 'done'), id: 'finished' });
    expect(after).toBe(
      byHand.replaceAll(/(["'])done\1/g, '$1finished$1').replace("outcome='finished'", "outcome='done'"),
    );
    expect(planEdit(read(byHand, 't.xml'), { kind: 'rename', at: pathOf(byHand, 'done'), id: 'ask' })).toBeUndefined();
    expect(planEdit(read(byHand, 't.xml'), { kind: 'rename', at: pathOf(byHand, 'done'), id: '1 x' })).toBeUndefined();
  });

  test('an attribute is set between its quotes, added behind the last, and taken away', () => {
    const at = pathOf(byHand, 'ask');
    expect(edited(byHand, { kind: 'attribute', at, name: 'type', value: 'integer' })).toBe(
      byHand.replace("'text'", "'integer'"),
    );
    const conditioned = edited(byHand, { kind: 'attribute', at, name: 'if', value: 'a < "b" & c' });
    expect(conditioned).toContain('required="yes" if="a &lt; &quot;b&quot; &amp; c">');
    expect(edited(conditioned, { kind: 'attribute', at, name: 'if', value: undefined })).toBe(byHand);
  });

  test('a text is changed where it is changed: values, emphasis and references stay as they are written', () => {
    const at = `${pathOf(byHand, 'done')}/say[1]`;
    expect(textAt(read(byHand, 't.xml'), at)).toBe('Thanks, <em><value of="name"  /></em>: 1 < 2 & 3 > 2.');
    const after = edited(byHand, { kind: 'text', at, text: 'Thanks, <em><value of="name"  /></em>: 1 < 5 & 3 > 2.' });
    expect(after).toBe(byHand.replace('1 &lt; 2', '1 &lt; 5'));
    const typed = edited(byHand, { kind: 'text', at, text: 'a < b & <b>c</b> <value of="1 < 2"/> ]]>' });
    expect(typed).toContain('a &lt; b &amp; &lt;b&gt;c&lt;/b&gt; <value of="1 &lt; 2"/> ]]&gt;');
    expect(read(typed, 't.xml').faults).toEqual([]);
  });

  test('what is added has all the DTD asks for, in its place, indented as its neighbours are', () => {
    const section = '/script/section[2]';
    const after = edited(byHand, { kind: 'add', parent: section, element: 'question', before: pathOf(byHand, 'each') });
    expect(after).toContain(
      '\n    <question id="question" name="question-2" type="text">\n      <say>…</say>\n    </question>\n'.replace(
        'question-2',
        'question2',
      ),
    );
    expect(read(after, 't.xml').faults).toEqual([]);
    const checked = edited(byHand, { kind: 'add', parent: pathOf(byHand, 'ask'), element: 'note' });
    // The DTD has a note between say and next.
    expect(
      elementsOf(elementAt(read(checked, 't.xml').root as XmlElement, pathOf(checked, 'ask')) as XmlElement).map(
        ({ name }) => name,
      ),
    ).toEqual(['say', 'say', 'note', 'next', 'next']);
  });

  test('what the DTD has no place for is not done', () => {
    const document = read(byHand, 't.xml');
    expect(planEdit(document, { kind: 'add', parent: pathOf(byHand, 'ask'), element: 'end' })).toBeUndefined();
    expect(planEdit(document, { kind: 'remove', at: `${pathOf(byHand, 'hello')}/say[1]` })).toBeUndefined();
    const loop = pathOf(byHand, 'each');
    expect(planEdit(document, { kind: 'move', at: loop, parent: loop })).toBeUndefined();
    expect(planEdit(read('<script', 't.xml'), { kind: 'remove', at: '/script' })).toBeUndefined();
  });

  test('lines that end with CR LF stay so', () => {
    const windows = byHand.replaceAll('\n', '\r\n');
    const after = edited(windows, { kind: 'add', parent: '/script/section[2]', element: 'end' });
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  });
});

interface Bare {
  name: string;
  attributes: [string, string][];
  said: string;
  children: Bare[];
}

/** A tree without its formatting. */
function bare(element: XmlElement): Bare {
  return {
    name: element.name,
    attributes: [...element.attributes.values()].map(({ name, value }) => [name, value]),
    said: element.children.map((child) => (child.kind === 'text' ? child.text.trim() : '')).join(''),
    children: elementsOf(element).map(bare),
  };
}

const bareOf = (text: string): Bare => bare(read(text, 't.xml').root as XmlElement);
const commentsOf = (text: string): string[] => (text.match(/<!--[\s\S]*?-->/g) ?? []).toSorted();
const all = (tree: Bare): string[] => [
  JSON.stringify([tree.name, tree.attributes, tree.said]),
  ...tree.children.flatMap(all),
];

/** One of the edits a tool offers, by three numbers that chance gives. */
function anyEdit(text: string, [which, where, what]: [number, number, number]): Edit {
  const list = nodes(text);
  const pick = <T>(from: readonly T[], by: number): T => from[by % from.length] as T;
  const node = pick(list, where);
  const steps = list.filter((each) => each.id !== undefined);
  switch (which) {
    case 0:
    case 6: {
      const elements = vocabulary().get(node.name)?.children ?? [];
      if (elements.length === 0) return { kind: 'remove', at: node.path };
      const before = node.children.length > 0 && what % 2 === 0 ? pick(node.children, what).path : undefined;
      return { kind: 'add', parent: node.path, element: pick(elements, what).name, before };
    }
    case 1:
      return { kind: 'remove', at: node.path };
    case 2: {
      const parent = pick(list, what);
      const before = parent.children.length > 0 && where % 2 === 0 ? pick(parent.children, where).path : undefined;
      return { kind: 'move', at: node.path, parent: parent.path, before };
    }
    case 3:
      return { kind: 'rename', at: pick(steps, where).path, id: `renamed-${what}` };
    case 4: {
      const attribute = pick(vocabulary().get(node.name)?.attributes ?? [], what);
      if (attribute === undefined || attribute.type === 'id') return { kind: 'remove', at: node.path };
      const value =
        attribute.values.length > 0 ? pick(attribute.values, where) : attribute.required ? `v${what}` : undefined;
      return { kind: 'attribute', at: node.path, name: attribute.name, value };
    }
    default: {
      const texts = list.filter((each) => each.text);
      if (texts.length === 0) return { kind: 'add', parent: '/script', element: 'section' };
      return { kind: 'text', at: pick(texts, where).path, text: `Said ${what} < & <em>so</em>` };
    }
  }
}

/** What each kind of edit may do to a script, looked at without how it does it. */
function expectOnly(before: string, after: string, edit: Edit, splices: readonly Splice[]): void {
  const [was, is] = [bareOf(before), bareOf(after)];
  const gone = without(all(was), all(is));
  const come = without(all(is), all(was));
  const touched = splices.map(({ from, to }) => before.slice(from, to));
  const target = nodes(before).find(
    ({ path }) => path === (edit.kind === 'add' ? edit.parent : edit.at),
  ) as OutlineNode;
  // A comment goes only with what it stands in.
  const within = edit.kind === 'remove' ? commentsOf(before.slice(target.from, target.to)) : [];
  expect([...commentsOf(after), ...within].toSorted()).toEqual(commentsOf(before));
  switch (edit.kind) {
    case 'add':
      expect(gone).toEqual([]);
      expect(touched.join('').replaceAll(/[\s/>]/g, '')).toBe('');
      break;
    case 'remove':
      expect(come).toEqual([]);
      expect(touched.join('').trim()).toBe(before.slice(target.from, target.to).trim());
      break;
    case 'move':
      expect([gone, come]).toEqual([[], []]);
      break;
    case 'rename':
      // Only where the old id stood.
      expect(touched.every((part) => (target.id ?? '').includes(part))).toBe(true);
      expect(gone.length).toBe(come.length);
      break;
    case 'attribute':
      expect([gone.length, come.length].every((count) => count <= 1)).toBe(true);
      break;
    default:
      expect(touched.join('').length).toBeLessThanOrEqual(target.to - target.from);
      expect(textAt(read(after, 't.xml'), edit.at)).toBe(edit.text);
  }
}

function without(list: readonly string[], other: readonly string[]): string[] {
  const rest = [...other];
  return list.filter((each) => {
    const index = rest.indexOf(each);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}

test('200 edits of a script that was formatted by hand touch what they edit alone, and undoing them gives back its bytes', () => {
  const runs = Number(process.env['CARUSO_TEST_EDITS'] ?? 200);
  const chance = fc.array(fc.tuple(fc.nat(6), fc.nat(999), fc.nat(999)), { minLength: runs, maxLength: runs });
  let made = 0;
  fc.assert(
    fc.property(chance, fc.boolean(), (choices, windows) => {
      const original = windows ? byHand.replaceAll('\n', '\r\n') : byHand;
      let text = original;
      const undo: Splice[][] = [];
      for (const choice of choices) {
        const edit = anyEdit(text, choice);
        const change = planEdit(read(text, 't.xml'), edit);
        if (change === undefined) continue;
        const after = spliced(text, change.splices);
        const { root } = read(after, 't.xml');
        expect(root, `well-formed after ${JSON.stringify(edit)}\n${after}`).toBeDefined();
        expectOnly(text, after, edit, change.splices);
        expect(after[change.at], JSON.stringify(edit)).toBe('<');
        undo.push(inverted(text, change.splices));
        text = after;
        made++;
      }
      for (const splices of undo.reverse()) text = spliced(text, splices);
      expect(text).toBe(original);
    }),
    { numRuns: 2, seed: 20260302, endOnFailure: true },
  );
  expect(made).toBeGreaterThan(runs / 2);
});
