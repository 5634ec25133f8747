import type { BatchOutcome } from '@caruso/business-objects/contract';
import type { CarusoError } from '@caruso/service-manager/contract';
import type { Outcome } from './import-rows.js';
import { matchRecords } from './record-match.js';
import { ofRow, outcome, problemsOf, type Step, type Work } from './step.js';

type Values = Record<string, unknown>;

/** A row on its way. */
interface Open {
  at: number;
  values: Values;
}

/** Stores each row with the rights of who runs the import. */
export function running(work: Work): Step {
  const { converter } = work;
  return {
    from: ['read', 'sound', 'match', 'same', 'perhaps'],
    to: ['created', 'updated', 'skipped', 'refused'],
    descending: false,
    failed: 'refused',
    async take(rows) {
      const outcomes: Outcome[] = [];
      const converted = await converter.convert(rows.map(({ cells }) => cells));
      let open: Open[] = converted.flatMap(({ values, problems }, at) => {
        if (problems.length > 0) outcomes[at] = outcome('refused', { problems });
        return problems.length > 0 ? [] : [{ at, values }];
      });
      // Rows that are one record are stored one after the other.
      while (open.length > 0) open = await round(work, open, outcomes);
      return outcomes;
    },
  };
}

/** Takes every row that waits for no other; gives those that do. */
async function round(work: Work, open: readonly Open[], outcomes: Outcome[]): Promise<Open[]> {
  const { batch, options, description } = work;
  const object = description.name;
  const matches = await matchRecords(
    work,
    open.map(({ values }) => values),
  );
  const later: Open[] = [];
  const creates: Open[] = [];
  const changes = new Map<string, Open>();
  const seen = new Set<string>();
  const change = (key: string, row: Open) => {
    if (changes.has(key)) later.push(row);
    else changes.set(key, row);
  };
  for (const [place, row] of open.entries()) {
    const { id = null, record, problems = [] } = matches[place] ?? {};
    if (problems.length > 0) outcomes[row.at] = outcome('refused', { problems });
    else if (id !== null && seen.has(id)) later.push(row);
    else if (record === undefined) creates.push(row);
    else if (options.found === 'update') change(record.key, row);
    else outcomes[row.at] = outcome('skipped', { record: record.key, problems: [ofRow('is there already')] });
    if (id !== null) seen.add(id);
  }
  const created = await batch.create(
    object,
    creates.map(({ values }) => values),
    { anyway: options.duplicates === 'create' },
  );
  for (const [place, row] of creates.entries()) {
    const result = created[place];
    if (result === undefined) continue;
    const twin = 'error' in result ? twinOf(result.error) : undefined;
    if (twin !== undefined && options.duplicates === 'update') change(twin, row);
    else outcomes[row.at] = createdOutcome(work, result, twin);
  }
  const keys = [...changes.keys()];
  const asked = [...changes].map(([key, { values }]) => ({ key, values: withoutKey(work, values) }));
  const updated = await batch.update(object, asked, { anyway: true });
  for (const [place, key] of keys.entries()) {
    const row = changes.get(key);
    const result = updated[place];
    if (row !== undefined && result !== undefined) outcomes[row.at] = updatedOutcome(work, result, row);
  }
  return later.sort((a, b) => a.at - b.at);
}

function createdOutcome({ converter }: Work, result: BatchOutcome, twin: string | undefined): Outcome {
  if (!('error' in result)) return outcome('created', { record: result.key, version: result.version });
  const { error } = result;
  return error.code === 'DUPLICATE_FOUND'
    ? outcome('skipped', { record: twin ?? null, problems: [ofRow(error.message)] })
    : outcome('refused', { problems: problemsOf(converter, error) });
}

function updatedOutcome(work: Work, result: BatchOutcome, { values }: Open): Outcome {
  if ('error' in result) return outcome('refused', { problems: problemsOf(work.converter, result.error) });
  const { key, version, change } = result;
  if (change === null)
    return outcome('skipped', { record: key, problems: [ofRow('is there already, with the same values')] });
  const names = Object.keys(withoutKey(work, values));
  const before = Object.fromEntries(names.map((name) => [name, change.before?.[name] ?? null]));
  return outcome('updated', { record: key, version, before });
}

function withoutKey({ description }: Work, values: Readonly<Values>): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !description.key.includes(name)));
}

/** The record that a row is the same as, where the user may see it. */
function twinOf({ code, details }: CarusoError): string | undefined {
  if (code !== 'DUPLICATE_FOUND') return undefined;
  const { duplicates = [] } = details as { duplicates?: { key: string | null }[] };
  return duplicates.find(({ key }) => key !== null)?.key ?? undefined;
}
