import { satisfies } from 'semver';

/** How many answers are kept; ranges and versions come from the declarations of components, which are far fewer. */
const KEPT = 10_000;

const answers = new Map<string, Map<string, boolean>>();
let kept = 0;

/** Whether the range accepts the version. Remembers its answers: parsing the two costs a hundred times more than looking one up. */
export function accepts(range: string, version: string): boolean {
  let byVersion = answers.get(range);
  let answer = byVersion?.get(version);
  if (answer !== undefined) return answer;
  answer = satisfies(version, range);
  if (kept++ >= KEPT) {
    answers.clear();
    byVersion = undefined;
    kept = 1;
  }
  if (byVersion === undefined) {
    byVersion = new Map();
    answers.set(range, byVersion);
  }
  byVersion.set(version, answer);
  return answer;
}
