import { type Case, type Program, runCase, type Setting, waysOf } from '@caruso/dialog-script';

/** What the recorded cases of a script take of it. */
export interface Coverage {
  /** Names of ways. */
  taken: ReadonlySet<string>;
  /** Those of the script itself, without what cannot be taken. */
  ways: number;
  covered: number;
  cases: { name: string; failures: string[] }[];
}

/** Runs every case of a script with the real engine. */
export function coverageOf(
  program: Program,
  cases: readonly Case[],
  infeasible: readonly { way: string }[],
  setting: Setting,
): Coverage {
  const taken = new Set<string>();
  const results = cases.map((each) => {
    try {
      return { name: each.name, failures: runCase(program, each, setting, taken).failures };
    } catch (error) {
      return { name: each.name, failures: [error instanceof Error ? error.message : String(error)] };
    }
  });
  const excused = new Set(infeasible.map(({ way }) => way));
  const ways = waysOf(program).filter(({ name }) => name.startsWith(`${program.id} `) && !excused.has(name));
  return { taken, ways: ways.length, covered: ways.filter(({ name }) => taken.has(name)).length, cases: results };
}
