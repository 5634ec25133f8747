import { afterEach, describe, expect, test } from 'vitest';
import { DeclaredFolder, fileOf } from './declared-folder.js';
import type { Block } from './markdown.js';
import { shellFaults } from './shell.js';
import { typeFaults } from './type-check.js';

const block = (language: string, text: string): Block => ({ document: 'docs/a.md', line: 7, language, info: '', text });

describe('what the checks of documents find', () => {
  let office: DeclaredFolder | undefined;
  afterEach(() => office?.remove());

  test('commands, scripts and options that do not exist', async () => {
    const text = 'npm run nothing\nnpx caruso chekc\n$ caruso check --jsn .\nfrobnicate # now\nnpx nobody';
    const faults = await shellFaults(block('sh', text));
    expect(faults.map((fault) => fault.replace(/^docs\/a\.md:7 '.*?': /, ''))).toEqual([
      "package.json has no script 'nothing'",
      "caruso has no command 'chekc'",
      "caruso check has no option '--jsn'",
      "the test does not know 'frobnicate'",
      "there is no program 'nobody'",
    ]);
    expect(await shellFaults(block('sh', 'npm test\nnpx caruso start . \\\n  --port 0 # any\n'))).toEqual([]);
  });

  test('TypeScript that does not compile, at its line of the document', () => {
    const found = typeFaults([
      block('ts', "import { need } from '@caruso/service-manager/contract';\nneed(1);\n"),
      block('ts', '// services/a.ts\nexport const one = 1;\n'),
    ]);
    expect(found).toEqual([expect.stringMatching(/^docs\/a\.md\/block-1\.ts\(8,1\): error TS2554/)]);
  });

  test('a declaration that fits its schema but not the model', async () => {
    office = new DeclaredFolder();
    office.write('reports/x.yaml', 'report: x\nmetrics: [contacts.offred]\nperiod: { every: 1d, of: today }\n');
    const { code, lines } = await office.check();
    expect(code).toBe(1);
    expect(lines).toContainEqual(expect.stringMatching(/^reports\/x\.yaml:2:11 error .*contacts\.offred/));
  });

  test('which file a block is', () => {
    expect(fileOf(block('yaml', '# model/customer.yaml: theirs\nobject: Customer'))).toBe('model/customer.yaml');
    expect(fileOf(block('yaml', 'object: Customer'))).toBeUndefined();
    expect(fileOf(block('ts', '// services/erp.ts\n'))).toBe('services/erp.ts');
    expect(fileOf(block('xml', '<!DOCTYPE script SYSTEM "x">\n<script version="1" id="move">'))).toBe(
      'scripts/move.xml',
    );
  });
});
