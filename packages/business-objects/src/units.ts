/** (1250, 2) is '12.50': a whole number of units of the last place as decimal text. */
export function unitsToDecimal(value: unknown, scale: number): string {
  const text = String(value);
  if (!/^-?\d+$/.test(text)) return text;
  const digits = text.replace('-', '').padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${text.startsWith('-') ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`;
}

/** A decimal of a server with the places of its scale: it writes 0 for a sum of nothing, and elsewhere as many as its own rules give. */
export function decimalOfScale(value: unknown, scale: number): string {
  const [whole = '0', fraction = ''] = String(value).split('.');
  const digits = fraction.replace(/0+$/, '').padEnd(scale, '0');
  return digits === '' ? whole : `${whole}.${digits}`;
}
