import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleComponent } from './component-file.js';
import { captureStack, ownFile, placeOf } from './leak-stack.js';

describe('the place where something was opened', () => {
  let folder: string;
  let bundle: string;
  let frame: (text: string) => string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'caruso-places-'));
    await mkdir(join(folder, 'services', 'erp'), { recursive: true });
    await writeFile(
      join(folder, 'services', 'erp.ts'),
      "import { poll } from './erp/poll.js';\n\n\ninterface Unneeded { a: string }\nexport default poll(() => setInterval(String, 1));\n",
    );
    await writeFile(
      join(folder, 'services', 'erp', 'poll.ts'),
      '// A comment is left out of a bundle.\nexport const poll = (begin: () => void): void => {\n  setTimeout(begin, 5);\n};\n',
    );
    bundle = (await bundleComponent(join(folder, 'services', 'erp.ts'), { into: join(folder, '.caruso') })).path;
    const lines = (await readFile(bundle, 'utf8')).split('\n');
    frame = (text) => {
      const line = lines.findIndex((each) => each.includes(text));
      return `${bundle}:${line + 1}:${(lines[line] ?? '').indexOf(text) + 1}`;
    };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('in a bundle is the place in the file it was made of', () => {
    const foreign = ['node:timers:155:19', '/srv/node_modules/mqtt/client.js:10:2'];
    const source = './services/erp.ts';
    expect(placeOf([...foreign, frame('setInterval(')], bundle, source)).toBe('services/erp.ts:5');
    expect(placeOf([frame('setTimeout('), frame('setInterval(')], bundle, source)).toBe('services/erp/poll.ts:3');
  });

  test('in a bundle that is gone is its line', () => {
    expect(placeOf(['/gone/erp-0123.mjs:7:1'], '/gone/erp-0123.mjs', './services/erp.ts')).toBe('erp-0123.mjs:7');
  });

  test('in a package is named by the package', () => {
    const frames = ['/srv/node_modules/pg/client.js:1:1', '/srv/node_modules/@acme/fax/dist/modem.js:20:3'];
    expect(placeOf(frames, '/srv/node_modules/@acme/fax', '@acme/fax')).toBe('@acme/fax/dist/modem.js:20');
    expect(placeOf(frames, '/srv/node_modules/@acme/erp', '@acme/erp')).toBeUndefined();
  });

  test("is never in a package's own libraries", () => {
    expect(ownFile('/srv/fax/node_modules/pg/client.js:1:1', '/srv/fax')).toBeUndefined();
    expect(ownFile('/srv/faxes/main.js:1:1', '/srv/fax')).toBeUndefined();
    expect(ownFile('/srv/fax/main.js:1:1', '/srv/fax')).toBe('/srv/fax/main.js');
  });
});

test('a stack is that of the callers, whoever formats stacks', () => {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.prepareStackTrace = () => 'formatted by another';
  const opened = () => captureStack(opened);
  const caller = () => opened();
  const frames = caller()();
  Error.prepareStackTrace = prepareStackTrace;
  expect(frames[0]).toContain('leak-stack.test.ts:');
  expect(frames.length).toBeGreaterThan(1);
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});
