/** Ten shades of one colour, from nearly white to nearly black, as the component library wants them. */
export type Shades = readonly [string, string, string, string, string, string, string, string, string, string];

type Rgb = readonly [number, number, number];

const houseAccent = '#1f5f8b';

/**
 * Shades of a front office's accent colour. The sixth is the colour itself, darkened as far as white text on it needs to be read.
 *
 * @param accent a colour as `#rgb` or `#rrggbb`; anything else gives the house's own
 */
export function accentShades(accent: string): Shades {
  const base = readable(parse(accent) ?? (parse(houseAccent) as Rgb));
  const lighter = [0.93, 0.84, 0.7, 0.54, 0.36, 0.16].map((share) => hex(mix(base, [255, 255, 255], share)));
  const darker = [0, 0.16, 0.3, 0.44].map((share) => hex(mix(base, [0, 0, 0], share)));
  return [...lighter, ...darker] as unknown as Shades;
}

/**
 * Contrast of two colours, 1 to 21.
 * Source: WCAG 2.2, definition of contrast ratio, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(parse(one) ?? [0, 0, 0]), luminance(parse(other) ?? [0, 0, 0])];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function readable(colour: Rgb): Rgb {
  let shade = colour;
  while (contrast(hex(shade), '#ffffff') < 4.6) shade = mix(shade, [0, 0, 0], 0.06);
  return shade;
}

function parse(text: string): Rgb | undefined {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text);
  const digits = short
    ? `#${short
        .slice(1)
        .map((d) => d + d)
        .join('')}`
    : text;
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(digits);
  if (match === null) return undefined;
  const [red = 0, green = 0, blue = 0] = match.slice(1).map((part) => Number.parseInt(part, 16));
  return [red, green, blue];
}

function mix(colour: Rgb, towards: Rgb, share: number): Rgb {
  const at = (i: 0 | 1 | 2): number => colour[i] + (towards[i] - colour[i]) * share;
  return [at(0), at(1), at(2)];
}

function hex(colour: Rgb): string {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
