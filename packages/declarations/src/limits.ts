/** What one file of declarations may be; far above anything written by hand. */
export const LIMITS = {
  /** Bytes of one file. */
  fileSize: 1_000_000,
  /** Nesting of mappings and lists. */
  depth: 64,
  /** Values in one file after aliases are followed; stops alias bombs. */
  nodes: 50_000,
  /** Files of one layer. */
  files: 5_000,
  /** Faults reported for one file; more only hide the first ones. */
  faults: 200,
} as const;
