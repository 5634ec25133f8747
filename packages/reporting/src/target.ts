/** What a figure is held against; both bounds belong to it. */
export interface Target {
  atLeast?: number;
  atMost?: number;
}

/** The target that a declaration's `at least` and `at most` give; null without either. */
export function targetOf(file: { 'at least'?: number | undefined; 'at most'?: number | undefined }): Target | null {
  const target = {
    ...(file['at least'] === undefined ? {} : { atLeast: file['at least'] }),
    ...(file['at most'] === undefined ? {} : { atMost: file['at most'] }),
  };
  return Object.keys(target).length === 0 ? null : target;
}

/** How a value stands against its target; without one of the two it is unknown. */
export function statusOf(value: number | null, target: Target | null): 'good' | 'bad' | 'unknown' {
  if (value === null || target === null) return 'unknown';
  const good =
    (target.atLeast === undefined || value >= target.atLeast) &&
    (target.atMost === undefined || value <= target.atMost);
  return good ? 'good' : 'bad';
}
