import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compile } from '@caruso/expressions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';
import { root, testWith } from '../support/requirement.js';
import { DeclaredFolder, fileOf, readDocument } from './declared-folder.js';
import { anchors, type Block, blocksOf, codeWords, relativeLinks } from './markdown.js';
import { shellFaults } from './shell.js';
import { typeFaults } from './type-check.js';

/** What a block may be, and how it is checked. `text` is for what no program can read. */
const languages = new Set(['yaml', 'xml', 'ts', 'sh', 'json', 'expression', 'text']);

const packages = readdirSync(path.join(root, 'packages'));
const documents = [
  ...readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  'README.md',
  'CONTRIBUTING.md',
  ...packages.map((name) => `packages/${name}/README.md`),
].filter((document) => existsSync(path.join(root, document)));
const texts = new Map(documents.map((document) => [document, readDocument(document)]));
const blocks = [...texts].flatMap(([document, text]) => blocksOf(document, text));
const place = ({ document, line }: Block) => `${document}:${line}`;
const of = (language: string) => blocks.filter((block) => block.language === language);

describe('the blocks of the documents', () => {
  test('each says what it is', () => {
    expect(blocks.filter(({ language }) => !languages.has(language)).map(place)).toEqual([]);
  });

  test('declarations name the file they are', () => {
    expect([...of('yaml'), ...of('xml')].filter((block) => fileOf(block) === undefined).map(place)).toEqual([]);
  });

  test('TypeScript compiles', () => {
    expect(typeFaults(of('ts'))).toEqual([]);
  });

  test('JSON is JSON', () => {
    expect(of('json').flatMap((block) => jsonFault(block) ?? [])).toEqual([]);
  });

  test('commands exist, with their options', async () => {
    expect((await Promise.all(of('sh').map(shellFaults))).flat()).toEqual([]);
  });

  test('expressions are expressions', () => {
    const faults = of('expression').flatMap((block) =>
      block.text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .flatMap((line) => {
          const names = [...line.replaceAll(/'[^']*'/g, '').matchAll(/[A-Za-z_]\w*/g)].map(([name]) => name);
          const compiled = compile(line, { variables: Object.fromEntries(names.map((name) => [name, 'any'])) });
          return compiled.ok ? [] : [`${place(block)} ${line}: ${compiled.faults[0]?.message}`];
        }),
    );
    expect(faults).toEqual([]);
  });
});

describe('the declarations of each document make up a front office without faults', () => {
  const declaring = documents.filter((document) =>
    blocks.some((block) => block.document === document && fileOf(block) !== undefined),
  );

  test.each(declaring)('%s', async (document) => {
    const own = blocks.filter((block) => block.document === document);
    const office = new DeclaredFolder();
    const sound = async (at: string) =>
      expect({ at, lines: (await office.check()).lines }).toEqual({
        at,
        lines: [expect.stringMatching(/^no faults in /)],
      });
    try {
      for (const [index, block] of own.entries()) {
        const file = fileOf(block);
        if (file === undefined) continue;
        if (block.info === 'mistake') {
          const answer = own.slice(index + 1).find(({ language, info }) => language === 'text' && info === 'answer');
          const { code, lines } = await office.checkWith(file, block.text);
          const shown = uncounted(answer?.text.trimEnd().split('\n') ?? []);
          expect({ at: place(block), code: 1, lines: shown }).toEqual({
            at: place(block),
            code,
            lines: uncounted(lines),
          });
          continue;
        }
        // A file that is shown anew replaces the one before, which was part of a whole of its own.
        if (office.has(file)) await sound(`before ${place(block)}`);
        office.write(file, block.text);
      }
      await sound(`at the end of ${document}`);
    } finally {
      office.remove();
    }
  });
});

const curl = {
  present: spawnSync('curl', ['--version']).status === 0 && spawnSync('bash', ['--version']).status === 0,
  remedy: 'the requests of docs/http.md need curl and bash: install the packages of these names',
};

describe('the requests of docs/http.md', () => {
  const document = 'docs/http.md';
  const own = blocks.filter((block) => block.document === document);
  const requests = own.filter(({ language, text }) => language === 'sh' && text.includes('curl'));
  let folder: string;
  let work: string;
  let office: FrontOffice;

  beforeAll(async () => {
    folder = makeFolder('utility');
    work = mkdtempSync(path.join(tmpdir(), 'caruso-requests-'));
    office = await FrontOffice.start(folder);
  });
  afterAll(async () => {
    await office?.stop();
    removeFolder(folder);
    rmSync(work, { recursive: true, force: true });
  });

  testWith(curl).each(requests.map((block) => [block.line, block] as const))('line %i', (_line, block) => {
    const script = block.text.replaceAll('http://127.0.0.1:8080', office.url);
    const output = execFileSync('bash', ['-euc', script], { cwd: work, encoding: 'utf8' });
    const next = own[own.indexOf(block) + 1];
    if (!/^[{[]/.test(output)) {
      // A file: CSV with a line of headings.
      expect(output.split('\n').length).toBeGreaterThan(1);
      return;
    }
    const answer = JSON.parse(output) as Record<string, unknown>;
    if (next?.language === 'json') expect(answer).toMatchObject(JSON.parse(next.text) as Record<string, unknown>);
    else expect(answer).not.toHaveProperty('error');
  });
});

describe('what the documents lead to', () => {
  test.each(documents)('links of %s', (document) => {
    const broken = relativeLinks(texts.get(document) ?? '').filter(({ target }) => {
      const [file = '', anchor] = target.split('#');
      const to = file === '' ? document : path.join(path.dirname(document), decodeURIComponent(file));
      const full = path.join(root, to);
      if (!existsSync(full)) return true;
      return anchor !== undefined && to.endsWith('.md') && !anchors(readDocument(to)).has(anchor);
    });
    expect(broken).toEqual([]);
  });

  test.each(documents.filter((document) => document.startsWith('docs/') || !document.includes('/')))(
    'files that %s names exist',
    (document) => {
      const roots = ['packages', 'examples', 'tests', 'docs', 'scripts'];
      const gone = codeWords(texts.get(document) ?? '').filter(({ target }) => {
        if (!/^[\w./-]+$/.test(target) || !target.includes('/')) return false;
        const [first = ''] = target.split('/');
        // Written by a command of its own.
        if (target === 'docs/benchmarks.md') return false;
        if (packages.includes(first)) return !exists(path.join('packages', target));
        return roots.includes(first) && !exists(target);
      });
      expect(gone).toEqual([]);
    },
  );
});

function jsonFault(block: Block): string | undefined {
  try {
    JSON.parse(block.text);
    return undefined;
  } catch (error) {
    return `${place(block)} ${String(error)}`;
  }
}

/** Without how many files were read, which grows with the vertical. */
function uncounted(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/ in \d+ files? of \d+ layers?$/, ''));
}

function exists(target: string): boolean {
  return existsSync(path.join(root, target));
}
