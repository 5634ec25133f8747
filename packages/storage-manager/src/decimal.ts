/** A number or text as plain decimal digits without exponent; undefined where it is none. */
export function decimalText(value: unknown): string | undefined {
  const text =
    typeof value === 'number' || typeof value === 'bigint'
      ? String(value)
      : typeof value === 'string'
        ? value.trim()
        : '';
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(text);
  const whole = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (match === null || whole + fraction === '') return undefined;
  const exponent = Number(match[4] ?? 0);
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  const left = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const right = padded.slice(at);
  const plain = right === '' ? left : `${left}.${right}`;
  return match[1] === '-' && /[1-9]/.test(plain) ? `-${plain}` : plain;
}

/**
 * Plain decimal digits as a whole number of units of the last place: ('12.5', 2) is 1250. Digits beyond the scale give undefined,
 * unless they are zeros or `rounding` asks for rounding, half away from zero.
 */
export function scaledFromDecimal(
  text: string,
  scale: number,
  rounding: 'refuse' | 'round' = 'refuse',
): bigint | undefined {
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  const kept = fraction.slice(0, scale).padEnd(scale, '0');
  const rest = fraction.slice(scale);
  if (rounding === 'refuse' && /[1-9]/.test(rest)) return undefined;
  const units = BigInt(whole + kept) + (rest >= '5' ? 1n : 0n);
  return negative ? -units : units;
}

/** The inverse: (1250n, 2) is '12.50'. */
export function decimalFromScaled(units: bigint, scale: number): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${negative ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`;
}

/** A number that has no more digits behind the point than the scale, with as many as it; undefined where more than padding is to be done. */
export function plainDecimal(value: number, scale: number): string | undefined {
  const text = String(value);
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) return undefined;
  const point = text.indexOf('.');
  const digits = point === -1 ? 0 : text.length - point - 1;
  if (digits > scale) return undefined;
  if (digits === scale) return text;
  return point === -1 ? `${text}.${'0'.repeat(scale)}` : text + '0'.repeat(scale - digits);
}
