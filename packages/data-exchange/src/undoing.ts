import type { ImportRow, Outcome } from './import-rows.js';
import { ofRow, outcome, type Step, type Work } from './step.js';

interface Open {
  at: number;
  row: ImportRow;
}

/** Takes back what was stored, the last row first; what was changed since is left. For the house: who may run, may undo. */
export function undoing(work: Work): Step {
  let versions: Map<string, string> | undefined;
  return {
    from: ['created', 'updated'],
    to: ['undone', 'left'],
    descending: true,
    failed: 'left',
    async take(rows) {
      // A record may be that of several rows: to the one before it was changed by nobody but us.
      versions ??= await work.undone();
      const outcomes: Outcome[] = [];
      let open: Open[] = rows.map((row, at) => ({ at, row }));
      while (open.length > 0) open = await round(work, open, versions, outcomes);
      return outcomes;
    },
  };
}

async function round(
  { batch, model, description }: Work,
  open: readonly Open[],
  versions: Map<string, string>,
  outcomes: Outcome[],
): Promise<Open[]> {
  const object = description.name;
  const now = await batch.get(object, [...new Set(open.flatMap(({ row }) => row.record ?? []))]);
  const later: Open[] = [];
  const back = new Map<string, Open>();
  for (const each of open) {
    const { record, version } = each.row;
    const there = record === null ? undefined : now.get(record);
    if (record === null || there === undefined)
      outcomes[each.at] = outcome('left', { record, problems: [ofRow('the record is gone')] });
    else if (back.has(record)) later.push(each);
    else if (there.version !== version && there.version !== versions.get(record))
      outcomes[each.at] = outcome('left', { record, version, problems: [ofRow('was changed since')] });
    else back.set(record, each);
  }
  const created = [...back].filter(([, { row }]) => row.state === 'created');
  await model.amendAll(
    'delete',
    object,
    created.map(([key]) => model.decodeKey(object, key)),
  );
  const updated = [...back].filter(([, { row }]) => row.state === 'updated');
  await model.amendAll(
    'update',
    object,
    updated.map(([key, { row }]) => ({ ...row.before, ...model.decodeKey(object, key) })),
  );
  const after = await batch.get(
    object,
    updated.map(([key]) => key),
  );
  for (const [key, { at }] of back) {
    const version = after.get(key)?.version ?? null;
    if (version !== null) versions.set(key, version);
    outcomes[at] = outcome('undone', { record: key, version });
  }
  return later;
}
