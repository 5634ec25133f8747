import { describe, expect, test } from 'vitest';
import { anchors, blocksOf, codeWords, relativeLinks } from './markdown.js';

const text = [
  '# The `first` part',
  '',
  'See [b](b.md#x) and `[c](c.md)`.',
  '',
  '```yaml mistake',
  '[d](d.md)',
  '```',
  '',
  '- in a list',
  '',
  '  ```sh',
  '  npm test',
  '  ```',
  '',
].join('\n');

describe('reading a document', () => {
  test('blocks have language, info and the line of their content', () => {
    expect(blocksOf('a.md', text)).toEqual([
      { document: 'a.md', line: 6, language: 'yaml', info: 'mistake', text: '[d](d.md)\n' },
      { document: 'a.md', line: 12, language: 'sh', info: '', text: 'npm test\n' },
    ]);
  });

  test('a block may hold fences of fewer marks', () => {
    expect(blocksOf('a.md', '````text\n```\ninner\n```\n````\n')).toMatchObject([{ text: '```\ninner\n```\n' }]);
  });

  test('a block that is not closed goes on to the end', () => {
    expect(blocksOf('a.md', '```text\none')).toMatchObject([{ text: 'one\n' }]);
  });

  test('links and words in blocks are none', () => {
    expect(relativeLinks(text)).toEqual([{ line: 3, target: 'b.md#x' }]);
    expect(relativeLinks('[a](https://caruso.example) [b](mailto:a@b.example)')).toEqual([]);
    expect(codeWords(text).map(({ target }) => target)).toEqual(['first', '[c](c.md)']);
  });

  test('headings are anchors as they are linked to', () => {
    expect([...anchors(text)]).toEqual(['the-first-part']);
    expect([...anchors('## caruso.yaml\n### Needs, and a [database](x.md)')]).toEqual([
      'carusoyaml',
      'needs-and-a-database',
    ]);
  });
});
