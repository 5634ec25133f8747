import type { Faults } from './fault.js';

/** Characters of a script's text; larger ones are refused unread. */
const maximumSize = 1_000_000;

/**
 * Looks at what stands before the root element and refuses what could reach outside or grow without bound: declarations
 * of entities (an internal subset). Runs before any parser does.
 */
export function checkProlog(text: string, faults: Faults): boolean {
  if (text.length > maximumSize) {
    const message = `the script has ${text.length} characters, ${maximumSize} are allowed`;
    faults.add(0, 'SCRIPT_TOO_LARGE', message, 'divide it into several scripts');
    return false;
  }
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) at++;
    else if (text.startsWith('<?', at)) at = after(text, '?>', at);
    else if (text.startsWith('<!--', at)) at = after(text, '-->', at);
    else if (text.startsWith('<!', at)) return checkDoctype(text, at, faults);
    else return true;
  }
  return true;
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found + mark.length;
}

function checkDoctype(text: string, from: number, faults: Faults): boolean {
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return checkSystem(text.slice(from, at + 1), from, faults);
    else if (character === '[') {
      const message = 'the script declares elements or entities of its own (an internal subset)';
      faults.add(
        at,
        'SCRIPT_ENTITIES_REFUSED',
        message,
        'write <!DOCTYPE script SYSTEM "dialog-script.dtd"> and no more',
      );
      return false;
    }
  }
  return true;
}

function checkSystem(doctype: string, from: number, faults: Faults): boolean {
  if (/^<!DOCTYPE\s+script(\s+SYSTEM\s+(["'])(?:[^"']*\/)?dialog-script\.dtd\2)?\s*>$/.test(doctype)) return true;
  const message = 'the document type is not that of a dialog script';
  faults.add(from, 'SCRIPT_DOCTYPE', message, 'write <!DOCTYPE script SYSTEM "dialog-script.dtd">');
  return false;
}
