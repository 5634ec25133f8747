/** Stands between tags, and before the first and after the last, where they are stored as one text. */
const MARK = '|';
const LONGEST = 60;
const MOST = 50;

/** Tags as one text: each found by what {@link tagPattern} gives; none is null. */
export function storeTags(tags: readonly unknown[]): string | null {
  return tags.length === 0 ? null : `${MARK}${tags.join(MARK)}${MARK}`;
}

export function readTags(stored: unknown): string[] {
  return typeof stored === 'string' ? stored.split(MARK).filter((tag) => tag !== '') : [];
}

/** The part of the stored text that tells that a tag is there. */
export function tagPattern(tag: string): string {
  return `${MARK}${tag}${MARK}`;
}

/** Tags without blanks around and repetitions, or what is wrong with them, as the end of a sentence. */
export function checkTags(
  value: unknown,
  among: readonly string[] | undefined,
): { value: string[] } | { wrong: string } {
  if (!Array.isArray(value) || value.some((tag) => typeof tag !== 'string'))
    return { wrong: 'should be a list of texts' };
  const tags = [...new Set((value as string[]).map((tag) => tag.trim()).filter((tag) => tag !== ''))];
  if (tags.length > MOST) return { wrong: `has more than ${MOST} tags` };
  for (const tag of tags) {
    if (tag.length > LONGEST) return { wrong: `has a tag of more than ${LONGEST} characters` };
    // Commas and semicolons part them in files.
    if (/[|,;\p{Cc}\p{Surrogate}]/u.test(tag)) return { wrong: `has a tag with a character that parts tags: '${tag}'` };
    if (among !== undefined && !among.includes(tag)) return { wrong: `should be of ${among.join(', ')}, not '${tag}'` };
  }
  return { value: tags };
}
