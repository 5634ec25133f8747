const space = /[ \t\n\r]*/y;
/** Everything from the blank on stands for itself, but quote and backslash. */
const string = /"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[ !#-[\]-\uffff]*)*"/y;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | 'next';

/**
 * What is wrong with a text that JSON.parse refused, and where: its own messages name no position when the text is long, and differ
 * between versions of Node.
 */
export function jsonFault(text: string): { offset: number; what: string } {
  const open: ('[' | '{')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const match = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const punctuation = (char: string): boolean => {
    if (text[at] !== char) return false;
    at += 1;
    return true;
  };
  for (;;) {
    match(space);
    const inside = open[open.length - 1];
    if (expected === 'next' && inside === undefined) break;
    if ((expected === 'value or ]' || (expected === 'next' && inside === '[')) && punctuation(']')) {
      open.pop();
      expected = 'next';
    } else if ((expected === 'key or }' || (expected === 'next' && inside === '{')) && punctuation('}')) {
      open.pop();
      expected = 'next';
    } else if (expected === 'next' && punctuation(',')) expected = inside === '[' ? 'value' : 'key';
    else if (expected === ':' && punctuation(':')) expected = 'value';
    else if ((expected === 'key' || expected === 'key or }') && match(string)) expected = ':';
    else if ((expected === 'value' || expected === 'value or ]') && punctuation('[')) {
      open.push('[');
      expected = 'value or ]';
    } else if ((expected === 'value' || expected === 'value or ]') && punctuation('{')) {
      open.push('{');
      expected = 'key or }';
    } else if ((expected === 'value' || expected === 'value or ]') && (match(string) || match(scalar)))
      expected = 'next';
    else return { offset: at, what: `${found(text, at)} where ${wanted(expected, inside)} should be` };
  }
  return { offset: at, what: `${found(text, at)} behind the end of the value` };
}

function found(text: string, at: number): string {
  if (at >= text.length) return 'the end of the text';
  return text[at] === '"' ? 'a broken text' : `'${String.fromCodePoint(text.codePointAt(at) ?? 0)}'`;
}

function wanted(expected: Expected, inside: '[' | '{' | undefined): string {
  if (expected === 'next') return inside === '[' ? "',' or ']'" : "',' or '}'";
  if (expected === ':') return "':'";
  if (expected === 'value') return 'a value';
  if (expected === 'value or ]') return "a value or ']'";
  return expected === 'key' ? 'a name in double quotes' : "a name in double quotes or '}'";
}
