import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileScript } from './compile.js';
import { readingScript } from './fixture.test.data.js';
import { read } from './read.js';

const codes = (text: string) => read(text, 'f.xml').faults.map(({ code }) => code);

describe('what is refused before it is parsed', () => {
  it('entities of the document, at the place they begin', () => {
    const bomb = `<?xml version="1.0"?>
<!DOCTYPE script [
  <!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]>
<script id="x" version="1" xml:lang="en"><section id="s"><title>&c;</title><end id="e" outcome="o"/></section></script>`;
    expect(read(bomb, 'f.xml').faults).toEqual([
      expect.objectContaining({ code: 'SCRIPT_ENTITIES_REFUSED', line: 2, column: 18 }),
    ]);
  });

  it('files of the machine', () => {
    expect(codes('<!DOCTYPE script SYSTEM "file:///etc/passwd"><script/>')).toEqual(['SCRIPT_DOCTYPE']);
    const outside = '<!DOCTYPE script SYSTEM "x.dtd" [<!ENTITY f SYSTEM "file:///etc/passwd">]><script>&f;</script>';
    expect(codes(outside)).toEqual(['SCRIPT_ENTITIES_REFUSED']);
  });

  it('more than a million characters', () => {
    expect(codes(`<script>${' '.repeat(1_000_001)}</script>`)).toEqual(['SCRIPT_TOO_LARGE']);
  });

  it('nesting without end', () => {
    const deep = `<script>${'<em>'.repeat(100)}x${'</em>'.repeat(100)}</script>`;
    expect(codes(deep)).toEqual(['SCRIPT_TOO_DEEP']);
    const deeper = `<script>${'<em>'.repeat(5000)}x${'</em>'.repeat(5000)}</script>`;
    expect(codes(deeper)).toContain('SCRIPT_NOT_WELL_FORMED');
  });

  it('an entity nobody declared', () => {
    const text =
      '<!DOCTYPE script SYSTEM "dialog-script.dtd"><script id="x" version="1" xml:lang="en">\n<section id="s"><title>a&nbsp;b</title><end id="e" outcome="o"/></section></script>';
    expect(read(text, 'f.xml').faults).toEqual([
      expect.objectContaining({ code: 'SCRIPT_ENTITY_UNKNOWN', line: 2, column: 25 }),
    ]);
  });
});

describe('what libxml2 finds', () => {
  it('is well-formed or says where not, counting characters', () => {
    const [fault] = read('<script>\n  <title>één & twee</title></script>', 'f.xml').faults;
    expect(fault).toMatchObject({ code: 'SCRIPT_NOT_WELL_FORMED', line: 2 });
    expect(fault?.column).toBeGreaterThan(13);
    expect(fault?.column).toBeLessThan(16);
  });

  it('holds the document against the DTD: every fault at once, at the word at fault', () => {
    const text = `<!DOCTYPE script SYSTEM "dialog-script.dtd">
<script id="x" version="1" xml:lang="en">
  <section id="s">
    <question id="q" name="n" type="texts" requird="yes"><say>Hi</say></question>
    <questoin/>
    <end id="q" outcome="done" out="x"/>
    <info id="i"/>
    <set name="v"/>
  </section>
</script>`;
    const faults = read(text, 'f.xml').faults;
    expect(faults.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
      '4:37 SCRIPT_ATTRIBUTE_VALUE',
      '4:44 SCRIPT_ATTRIBUTE_UNKNOWN',
      '5:6 SCRIPT_ELEMENT_UNKNOWN',
      '6:14 SCRIPT_ID_DUPLICATE',
      '6:32 SCRIPT_ATTRIBUTE_UNKNOWN',
      '7:6 SCRIPT_CONTENT',
      '8:6 SCRIPT_ATTRIBUTE_MISSING',
    ]);
    expect(faults[0]?.remedy).toContain('text, integer, decimal');
    expect(faults[2]?.remedy).toBe("did you mean 'question'?");
  });
});

it('never throws, whatever it is given, and puts every fault within the text', () => {
  const pieces = fc.constantFrom(
    '<script id="a">',
    '</script>',
    '<!DOCTYPE',
    '<!--',
    '-->',
    '&lt;',
    '&x;',
    '"',
    '<a b="',
    '>',
    ']]>',
    '<![CDATA[',
    '\n',
    'é',
    '[',
    '<?',
    '?>',
    '<info id="i">',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string())), (parts) => {
      const text = parts.join('');
      const lines = text.split('\n');
      for (const { line, column } of compileScript(read(text, 'f.xml')).faults) {
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
      }
    }),
  );
});

it('gives each mutilation of a good script faults and no exception', () => {
  fc.assert(
    fc.property(fc.nat(readingScript.length), fc.nat(40), fc.string({ maxLength: 5 }), (at, length, inserted) => {
      const text = readingScript.slice(0, at) + inserted + readingScript.slice(at + length);
      const { faults } = compileScript(read(text, 'f.xml'));
      for (const fault of faults) expect(fault.remedy).not.toBe('');
    }),
    { numRuns: 60 },
  );
});
