/** What the command says to the shell. */
export const ExitCode = {
  well: 0,
  /** Found faults, or could not do what was asked. */
  faults: 1,
  wrongUsage: 2,
} as const;
