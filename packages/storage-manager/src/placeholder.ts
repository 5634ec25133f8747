/**
 * A statement's text as the driver takes it. `?` stands for a value, `\?` for a question mark and `\\` for a backslash.
 *
 * @param place how the driver marks the value of an index that begins at 0
 *
 * @example
 * nativeText('select "really\\?" from t where a = ? and b = ?', (index) => `$${index + 1}`);
 * // select "really?" from t where a = $1 and b = $2
 */
export function nativeText(text: string, place: (index: number) => string): string {
  let index = 0;
  return text.replace(/\\([\\?])|\?/g, (_, literal?: string) => literal ?? place(index++));
}
