/**
 * A value of the same shape in which every single value has another type: numbers become texts, texts become numbers, and so on.
 * Lists and objects keep their form. Pure.
 *
 * @example
 * falsifyJson({ number: 'A1', pieces: 3 }); // { number: 0, pieces: 'three' }
 */
export function falsifyJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(falsifyJson);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return entries.length === 0
      ? 'nothing'
      : Object.fromEntries(entries.map(([key, each]) => [key, falsifyJson(each)]));
  }
  switch (typeof value) {
    case 'number':
      return 'three';
    case 'string':
      return 0;
    case 'boolean':
      return 'perhaps';
    default:
      return { nothing: 'was said' };
  }
}

/**
 * An answer that looks like the true one and is false: JSON with values of other types, XML with other elements, other texts with
 * letters in place of digits. Pure.
 */
export function falsify(text: string): string {
  try {
    return JSON.stringify(falsifyJson(JSON.parse(text)));
  } catch {
    // Not JSON.
  }
  if (/^\s*</.test(text)) {
    return text.replaceAll(/(<\/?)([\w-]+:)?([\w-]+)/g, (_, open: string, prefix = '', name: string) =>
      /^(Envelope|Header|Body)$/i.test(name) ? `${open}${prefix}${name}` : `${open}${prefix}other${name}`,
    );
  }
  return text.replaceAll(/\d/g, 'x');
}
