import { describe, expect, it } from 'vitest';
import { moveKey, renameKey } from './splice-keys.js';
import { spliceYaml } from './splice-yaml.js';

const text = `object: Customer   # whom we serve
attributes:
  no:        { type: text, key: true }
  # as on the letter head
  name:      text   # never empty
  since:     { type: date, label: Since }
rights:
  agent:
    read: all
    write:
      - name     # letters
      # asked for by Bo
      - since
  supervisor: { read: all, hide: [no, name, since] }
`;

describe('renameKey', () => {
  it('touches the key alone, and keeps values in their column', () => {
    expect(renameKey(text, ['attributes', 'name'], 'fullName')).toBe(
      text.replace('name:      text', 'fullName:  text'),
    );
    expect(renameKey(text, ['rights', 'agent'], 'clerk')).toBe(text.replace('  agent:\n', '  clerk:\n'));
    expect(renameKey('a: { b: 1, c: 2 }\n', ['a', 'b'], 'bee')).toBe('a: { bee: 1, c: 2 }\n');
  });

  it('refuses a name that is taken, and a key that is not there', () => {
    expect(() => renameKey(text, ['attributes', 'name'], 'no')).toThrow("there is 'no' already");
    expect(() => renameKey(text, ['attributes', 'fax'], 'telefax')).toThrow('there is no attributes.fax');
  });
});

describe('moveKey', () => {
  it('moves an entry with the comments above it', () => {
    const moved = moveKey(text, ['attributes', 'name'], 'no');
    const lines = '  # as on the letter head\n  name:      text   # never empty\n';
    expect(moved).toBe(text.replace(lines, '').replace('  no: ', `${lines}  no: `));
    expect(moveKey(moved, ['attributes', 'name'], 'since')).toBe(text);
  });

  it('moves to the end, within braces, and whole blocks', () => {
    const last = moveKey(text, ['attributes', 'no'], null);
    expect(last).toContain(
      '  since:     { type: date, label: Since }\n  no:        { type: text, key: true }\nrights:',
    );
    expect(moveKey('a: { b: 1,  c: 2, d: [3] } # x\n', ['a', 'd'], 'b')).toBe('a: { d: [3],  b: 1, c: 2 } # x\n');
    expect(moveKey('a:\n  b:\n    - 1\n  c: 2', ['a', 'b'], null)).toBe('a:\n  c: 2\n  b:\n    - 1\n');
  });
});

describe('spliceYaml in lists and columns', () => {
  it('changes the items that differ, and keeps the comments of the others', () => {
    const write = ['rights', 'agent', 'write'];
    expect(spliceYaml(text, write, ['name', 'since', 'no'])).toBe(text.replace('- since\n', '- since\n      - no\n'));
    expect(spliceYaml(text, write, ['since'])).toBe(text.replace('      - name     # letters\n', ''));
    expect(spliceYaml(text, write, ['title', 'since'])).toBe(text.replace('- name     #', '- title     #'));
    const hide = ['rights', 'supervisor', 'hide'];
    expect(spliceYaml(text, hide, ['no', 'since'])).toBe(text.replace('no, name, since', 'no, since'));
    expect(spliceYaml(text, hide, ['fax', 'no', 'name', 'since'])).toBe(text.replace('[no', '[fax, no'));
  });

  it('begins a value in the column where the others begin', () => {
    expect(spliceYaml(text, ['attributes', 'fax'], { type: 'phone' })).toBe(
      text.replace('Since }\n', 'Since }\n  fax:       { type: phone }\n'),
    );
  });
});
