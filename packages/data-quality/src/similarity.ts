/**
 * The similarity of two texts, 0 to 1, by Jaro and Winkler: characters in common within half the length of the longer text, less half of
 * those out of order, more for a common beginning of up to four characters.
 *
 * W. E. Winkler, "String Comparator Metrics and Enhanced Decision Rules in the Fellegi-Sunter Model of Record Linkage", 1990.
 *
 * @example
 * jaroWinkler('martha', 'marhta'); // 0.961
 */
export function jaroWinkler(left: string, right: string): number {
  if (left === right) return 1;
  // Which characters are taken for common depends on the side that is read first; so that the result does not, one side is.
  if (left > right) return jaroWinkler(right, left);
  const reach = Math.max(0, Math.floor(Math.max(left.length, right.length) / 2) - 1);
  const taken = new Uint8Array(right.length);
  const common: string[] = [];
  for (let i = 0; i < left.length; i++) {
    const end = Math.min(right.length, i + reach + 1);
    for (let j = Math.max(0, i - reach); j < end; j++) {
      if (taken[j] === 1 || left[i] !== right[j]) continue;
      taken[j] = 1;
      common.push(left[i] ?? '');
      break;
    }
  }
  if (common.length === 0) return 0;
  let moved = 0;
  let next = 0;
  for (let j = 0; j < right.length; j++) {
    if (taken[j] === 1 && right[j] !== common[next++]) moved++;
  }
  const m = common.length;
  const jaro = (m / left.length + m / right.length + (m - moved / 2) / m) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < left.length && left[prefix] === right[prefix]) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/**
 * The similarity of two codes, 0 to 1: one less the share of characters that were inserted, left out, replaced, or swapped with their
 * neighbour. For dates and numbers, where each character counts as much as the next.
 *
 * F. J. Damerau, "A technique for computer detection and correction of spelling errors", 1964; the distance of optimal string alignment.
 *
 * @example
 * editSimilarity('19560409', '19560490'); // 0.875
 */
export function editSimilarity(left: string, right: string): number {
  if (left === right) return 1;
  const longest = Math.max(left.length, right.length);
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, j) => j);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1;
      let least = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = above;
    above = row;
  }
  return 1 - (above[right.length] ?? 0) / longest;
}

/**
 * The similarity of two comparable values, 0 to 1: of digits by editing, of texts by Jaro and Winkler, as they stand, with their words
 * sorted ("jansen piet"), and without spaces ("tulla roop").
 *
 * @param least what is asked for: less is told as 0 where that is known from the letters alone, which for most pairs it is
 */
export function similarity(left: string, right: string, least = 0): number {
  if (left === right) return 1;
  if (DIGITS.test(left) && DIGITS.test(right)) return editSimilarity(left, right);
  if (least > 0 && highest(left, right) < least) return 0;
  let best = jaroWinkler(left, right);
  if (left.includes(' ') || right.includes(' ')) {
    best = Math.max(best, jaroWinkler(sorted(left), sorted(right)));
    best = Math.max(best, jaroWinkler(left.replaceAll(' ', ''), right.replaceAll(' ', '')));
  }
  return best;
}

const SPACE = 32;
/** How often each character occurs; those behind Latin share places, which only makes them look more alike. */
const seen = new Int16Array(256);

/** The most that the similarity of two texts can be, by how many characters they have in common at all, wherever they stand. */
function highest(left: string, right: string): number {
  seen.fill(0);
  for (let i = 0; i < left.length; i++) {
    const place = placeOf(left.charCodeAt(i));
    seen[place] = (seen[place] ?? 0) + 1;
  }
  const leftSpaces = seen[SPACE] ?? 0;
  let common = 0;
  let rightSpaces = 0;
  for (let j = 0; j < right.length; j++) {
    const place = placeOf(right.charCodeAt(j));
    if (place === SPACE) rightSpaces++;
    const count = seen[place] ?? 0;
    if (count <= 0) continue;
    common++;
    seen[place] = count - 1;
  }
  const shared = Math.min(leftSpaces, rightSpaces);
  const whole = bound(common, left.length, right.length);
  return Math.max(whole, bound(common - shared, left.length - leftSpaces, right.length - rightSpaces));
}

function placeOf(code: number): number {
  return code > 255 ? (code & 127) | 128 : code;
}

/** Jaro with nothing out of order, and Winkler's four characters. */
function bound(common: number, left: number, right: number): number {
  if (left === 0 && right === 0) return 1;
  if (common <= 0) return 0;
  const jaro = (common / left + common / right + 1) / 3;
  return jaro + 0.4 * (1 - jaro);
}

const DIGITS = /^[0-9 +-]+$/;

function sorted(text: string): string {
  return text.split(' ').sort().join(' ');
}
