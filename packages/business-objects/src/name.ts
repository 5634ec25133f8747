/** 'customerNo', 'CUSTOMER_NO' and 'Order Details' in their words: ['customer', 'no']. */
export function wordsOf(name: string): string[] {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** As a person reads it: 'customerNo' is 'Customer no'. */
export function humanName(name: string): string {
  const text = wordsOf(name).join(' ');
  return text === '' ? name : text[0]?.toUpperCase() + text.slice(1);
}

/** A name of the model as a name in a database: 'OrderDetail' is 'order_detail'. */
export function snakeName(name: string): string {
  return wordsOf(name).join('_');
}

/** 'Order Details' is 'orderDetails'; a leading digit gets an underscore. */
export function camelName(name: string): string {
  const [first = 'x', ...rest] = wordsOf(name);
  return guarded(first + rest.map(capital).join(''));
}

/** 'order details' is 'OrderDetails'. */
export function pascalName(name: string): string {
  return guarded(wordsOf(name).map(capital).join('') || 'X');
}

/** 'Customer' is 'customer': the name under which an expression speaks of an object. */
export function variableName(object: string): string {
  return object === '' ? object : (object[0] ?? '').toLowerCase() + object.slice(1);
}

/** English plural of the last word; good enough for a default that a model file may override. */
export function plural(text: string): string {
  if (/(?:s|x|z|ch|sh)$/i.test(text)) return `${text}es`;
  if (/[^aeiou]y$/i.test(text)) return `${text.slice(0, -1)}ies`;
  return `${text}s`;
}

/** English singular of the last word: 'Categories' is 'Category'. */
export function singular(text: string): string {
  if (/(?:ss|us|is)$/i.test(text)) return text;
  if (/[^aeiou]ies$/i.test(text)) return `${text.slice(0, -3)}y`;
  if (/(?:sses|shes|ches|xes|zes)$/i.test(text)) return text.slice(0, -2);
  return /[^s]s$/i.test(text) ? text.slice(0, -1) : text;
}

function capital(word: string): string {
  return (word[0] ?? '').toUpperCase() + word.slice(1);
}

function guarded(name: string): string {
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/** What people call a relation: its label, or its name in words. */
export function relationLabel(text: string): string {
  const rest = text.slice(1).replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return text.charAt(0).toUpperCase() + rest;
}

/** What stands in an address where relations and references do: `GET /api/objects/Customer/C1/history`. */
export const ADDRESSES: ReadonlySet<string> = new Set(['history', 'restore', 'reveal']);

/** Message and remedy for a relation or reference whose name is taken there. */
export function withoutAddress(name: string): [message: string, remedy: string] {
  const message = `'${name}' would have no address over HTTP, where /${name} of a record is something else`;
  return [message, 'choose another name; what people read is its label:'];
}
