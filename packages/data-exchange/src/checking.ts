import type { ImportRow, Outcome, Problem } from './import-rows.js';
import { matchRecords } from './record-match.js';
import { ofRow, outcome, placed, type Step, type Work } from './step.js';

type Comparables = ReturnType<NonNullable<Work['matcher']>['comparables']>;

/** A sound row that is to be held against others. */
interface Tried {
  at: number;
  row: ImportRow;
  record: Comparables;
  /** Keys and unique values that another record or row has. */
  shared: Problem[];
}

/** Tries each row and stores nothing. */
export function checking(work: Work): Step {
  const { converter, description, matcher, model, options } = work;
  const { name } = description;
  // Rows of the same file meet each other here, as they would in the database once they are stored.
  const memory = matcher?.memory();
  const lines = new Map<string, number>();
  const uniques = description.attributes.filter(
    ({ unique, key, to }) => to === undefined && (unique === true || (key && description.key.length === 1)),
  );

  /** What a row that would be created has in common with one before it that nobody may share. */
  const clashes = (line: number, values: Readonly<Record<string, unknown>>) =>
    uniques.flatMap(({ name: attribute }) => {
      const value = values[attribute];
      if (value === null || value === undefined) return [];
      const before = known(JSON.stringify([attribute, value]), line);
      return before === undefined ? [] : [{ attribute, message: `is taken already, by line ${before}` }];
    });
  const known = (id: string, line: number): number | undefined => {
    const before = lines.get(id);
    if (before === undefined) lines.set(id, line);
    // A row may come again, where others of its batch failed.
    return before === line ? undefined : before;
  };

  const tried = (
    { line }: ImportRow,
    record: Comparables,
    stored: Awaited<ReturnType<NonNullable<Work['matcher']>['find']>>[number],
  ): Outcome => {
    const [there] = stored;
    const twin = memory?.find(record).find(({ key }) => key !== String(line));
    memory?.add(String(line), record);
    if (there?.band === 'same' || (there !== undefined && twin?.band !== 'same')) {
      const problems = [ofRow(`agrees in ${there.agree.join(', ')} with the record '${there.key}'`)];
      return outcome(there.band === 'same' ? 'same' : 'perhaps', { record: there.key, problems });
    }
    if (twin === undefined) return outcome('sound');
    const problems = [ofRow(`agrees in ${twin.agree.join(', ')} with line ${twin.key}`)];
    return outcome(twin.band === 'same' ? 'same' : 'perhaps', { problems });
  };

  return {
    from: ['read'],
    to: ['sound', 'match', 'same', 'perhaps', 'faulty'],
    descending: false,
    failed: 'faulty',
    async take(rows) {
      const converted = await converter.convert(rows.map(({ cells }) => cells));
      const matches = await matchRecords(
        work,
        converted.map(({ values }) => values),
      );
      const examined = await model.examineAll(
        name,
        converted.map(({ values }, at) => ({ values, key: matches[at]?.record?.key })),
      );
      const open: Tried[] = [];
      const outcomes: Outcome[] = [];
      for (const [at, row] of rows.entries()) {
        const { id = null, record, problems = [] } = matches[at] ?? {};
        const { values, violations, taken } = examined[at] ?? { values: {}, violations: [], taken: [] };
        const before = id === null ? undefined : known(id, row.line);
        const clashing = record === undefined && before === undefined ? clashes(row.line, values) : [];
        const faults = together([...(converted[at]?.problems ?? []), ...problems], placed(converter, violations));
        const shared = together([], placed(converter, [...taken, ...clashing]));
        if (faults.length > 0) outcomes[at] = outcome('faulty', { problems: together(faults, shared) });
        else if (record !== undefined && shared.length === 0) outcomes[at] = outcome('match', { record: record.key });
        else if (before !== undefined)
          outcomes[at] = outcome('match', { problems: [ofRow(`is the record of line ${before}`)] });
        else if (record !== undefined || matcher === undefined)
          outcomes[at] = shared.length > 0 ? outcome('faulty', { problems: shared }) : outcome('sound');
        else open.push({ at, row, record: matcher.comparables(values), shared });
      }
      const stored = (await matcher?.find(open.map(({ record }) => record))) ?? [];
      for (const [place, each] of open.entries()) {
        const found = tried(each.row, each.record, stored[place] ?? []);
        // Stored although it is a duplicate, or none: then what nobody may share counts.
        const stays = found.state !== 'same' || options.duplicates === 'create';
        outcomes[each.at] = stays && each.shared.length > 0 ? outcome('faulty', { problems: each.shared }) : found;
      }
      return outcomes;
    },
  };
}

/** Problems, of each column the first ones alone. */
function together(first: readonly Problem[], more: readonly Problem[]): Problem[] {
  const named = new Set(first.map(({ column }) => column));
  return [...first, ...more.filter(({ column }) => !named.has(column))];
}
