import { CarusoError } from '@caruso/service-manager/contract';
import type { Change } from '@caruso/storage-manager/contract';
import type { BatchOutcome } from './contract.js';
import { begin, checkWritable, journal, meeting, writeRules } from './editor.js';
import type { Caller, Engine } from './engine.js';
import { accessDenied, recordMissing } from './errors.js';
import type { ModelObject } from './model.js';
import { isChange, Writer } from './writer.js';

type Values = Record<string, unknown>;
type Rules = Parameters<typeof meeting>[4];

/** Creates records for the calling user and journals `Object.created` for each, in one unit of work. */
export function createAll(
  engine: Engine,
  name: string,
  rows: readonly Values[],
  anyway: boolean,
): Promise<BatchOutcome[]> {
  return engine.parts.storage.unitOfWork(() => created(engine, name, rows, anyway));
}

async function created(
  engine: Engine,
  name: string,
  rows: readonly Values[],
  anyway: boolean,
): Promise<BatchOutcome[]> {
  const { caller, object, access } = begin(engine, name);
  if (!access.create) throw accessDenied(engine.who(caller), `create ${object.labelPlural}`);
  const outcomes: BatchOutcome[] = [];
  const allowed = rows.flatMap((values, at) => {
    const error = refusal(() => checkWritable(engine, caller, object, access, values, true));
    if (error !== undefined) outcomes[at] = { error };
    return error === undefined ? [{ at, values }] : [];
  });
  const writer = new Writer(engine, caller, anyway);
  const stored = await writer.createAll(
    object,
    allowed.map(({ values }) => values),
  );
  const changes = stored.filter(isChange);
  const keys = changes.map(({ key }) => key);
  await demandAll(engine, caller, object, keys, access.createRules, `create this ${object.label}`);
  await journal(engine, object, 'created', changes);
  const versions = await versionsOf(writer, object, changes, () => '1');
  for (const [place, { at }] of allowed.entries()) {
    const outcome = stored[place];
    if (outcome instanceof CarusoError) outcomes[at] = { error: outcome };
    else if (outcome !== undefined)
      outcomes[at] = { key: outcome.key, version: versions.get(outcome.key) ?? '', change: outcome };
  }
  return outcomes;
}

/** Changes records for the calling user and journals `Object.updated` for each, in one unit of work. */
export function updateAll(
  engine: Engine,
  name: string,
  changes: readonly { key: string; values: Values }[],
  anyway: boolean,
): Promise<BatchOutcome[]> {
  return engine.parts.storage.unitOfWork(() => updated(engine, name, changes, anyway));
}

async function updated(
  engine: Engine,
  name: string,
  changes: readonly { key: string; values: Values }[],
  anyway: boolean,
): Promise<BatchOutcome[]> {
  const { caller, object, access } = begin(engine, name);
  const writer = new Writer(engine, caller, anyway);
  const keys = changes.map(({ key }) => key);
  const stored = new Map((await writer.readAll(object, keys)).map((row) => [row.key, row]));
  const visible = await meeting(engine, caller, object, [...stored.keys()], access.rules);
  const rules = changes.map(({ values }) => writeRules(access, values));
  const denied = await breaking(engine, caller, object, changes, rules);
  const outcomes: BatchOutcome[] = [];
  const allowed = changes.flatMap(({ key, values: given }, at) => {
    const before = stored.get(key);
    if (before === undefined || !visible.has(key)) outcomes[at] = { error: recordMissing(object.name, key) };
    else if (denied.has(key)) outcomes[at] = { error: accessDenied(engine.who(caller), `change this ${object.label}`) };
    else {
      const error = refusal(() => checkWritable(engine, caller, object, access, given, false));
      if (error === undefined) return [{ at, before, given }];
      outcomes[at] = { error };
    }
    return [];
  });
  const results = await writer.updateAll(object, allowed);
  const made = results.filter(isChange);
  const moved = new Set(made.map(({ key }) => key));
  const after = changes.map(({ key }, at) => (moved.has(key) ? (rules[at] ?? []) : []));
  if ((await breaking(engine, caller, object, changes, after)).size > 0)
    throw accessDenied(engine.who(caller), `change this ${object.label} so`);
  await demandAll(
    engine,
    caller,
    object,
    [...moved],
    access.rules,
    `move this ${object.label} where it cannot be seen`,
  );
  await journal(engine, object, 'updated', made);
  const versions = await versionsOf(writer, object, made, (key) => String(Number(stored.get(key)?.version) + 1));
  for (const [place, { at, before }] of allowed.entries()) {
    const result = results[place] ?? null;
    outcomes[at] =
      result instanceof CarusoError
        ? { error: result }
        : { key: before.key, version: versions.get(before.key) ?? before.version, change: result };
  }
  return outcomes;
}

/** Throws ACCESS_DENIED unless one of the rules holds for each row as it is now. */
async function demandAll(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  keys: readonly string[],
  rules: Rules,
  what: string,
): Promise<void> {
  const met = await meeting(engine, caller, object, keys, rules);
  if (keys.some((key) => !met.has(key))) throw accessDenied(engine.who(caller), what);
}

/** Keys of rows that, as they are now, break a condition under which their attributes may be written. */
async function breaking(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  changes: readonly { key: string }[],
  rules: readonly ReturnType<typeof writeRules>[],
): Promise<Set<string>> {
  const sets = new Map<string, { keys: string[]; rules: Rules }>();
  for (const [at, { key }] of changes.entries()) {
    for (const each of rules[at] ?? []) {
      const id = JSON.stringify(each?.map(({ source }) => source));
      const set = sets.get(id);
      if (set === undefined) sets.set(id, { keys: [key], rules: each });
      else set.keys.push(key);
    }
  }
  const broken = new Set<string>();
  for (const set of sets.values()) {
    const met = await meeting(engine, caller, object, set.keys, set.rules);
    for (const key of set.keys) if (!met.has(key)) broken.add(key);
  }
  return broken;
}

/** The versions of rows that were stored, created or changed; those of a legacy row are only known to who reads it. */
async function versionsOf(
  writer: Writer,
  object: ModelObject,
  changes: readonly Change[],
  counted: (key: string) => string,
): Promise<Map<string, string>> {
  // One that takes the place of a deleted record goes on counting where that one ended.
  const known =
    object.versionColumn !== undefined && (object.deletedColumn === undefined || changes[0]?.before !== null);
  if (known) return new Map(changes.map(({ key }) => [key, counted(key)]));
  const rows = await writer.readAll(
    object,
    changes.map(({ key }) => key),
  );
  return new Map(rows.map(({ key, version }) => [key, version]));
}

/** Why something is not allowed. */
function refusal(check: () => void): CarusoError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof CarusoError) return error;
    throw error;
  }
}
