import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** The published file is what is edited; `npx vitest run -u` of this test writes the module from it. */
it('the DTD in the bundle is the published one', async () => {
  const dtd = readFileSync(new URL('../dtd/dialog-script.dtd', import.meta.url), 'utf8');
  const text = dtd.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
  const module = `/** dtd/dialog-script.dtd as text, for where there are no files; made by dtd-text.test.ts. */\nexport const dtdText = \`${text}\`;\n`;
  await expect(module).toMatchFileSnapshot('./dtd-text.ts');
});
