import type { BusinessObjects, ModelApi, ObjectDescription, ObjectRecord } from '@caruso/business-objects/contract';
import type { Matching } from '@caruso/data-quality/contract';
import { CarusoError, type Client } from '@caruso/service-manager/contract';
import type { ImportOptions, RowState } from './contract.js';
import type { ImportRow, Outcome, Problem } from './import-rows.js';
import type { RowConverter } from './row-converter.js';

/** What one import works with. */
export interface Work {
  description: ObjectDescription;
  converter: RowConverter;
  options: ImportOptions;
  objects: Client<typeof BusinessObjects>;
  model: ModelApi;
  /** Undefined where no component of that contract runs, or no duplicates are declared. */
  matcher: ReturnType<Client<typeof Matching>['of']> | undefined;
}

/** One pass over the rows of an import. */
export interface Step {
  /** States of the rows it takes up. */
  readonly from: readonly RowState[];
  /** The last rows first. */
  readonly descending: boolean;
  /** What becomes of a row that fails on its own. */
  readonly failed: RowState;
  /** Inside a unit of work. What throws after something was written undoes the batch, and each row is then taken alone. */
  take(row: ImportRow): Promise<Outcome>;
}

const OPEN: readonly RowState[] = ['read', 'sound', 'match', 'same', 'perhaps'];

function outcome(state: RowState, more: Partial<Outcome> = {}): Outcome {
  return { state, record: null, version: null, before: null, problems: [], ...more };
}

/** Tries each row and stores nothing. */
export function checking(work: Work): Step {
  const { converter, description, matcher, model } = work;
  // Rows of the same file meet each other here, as they would in the index once they are stored.
  const blocks = new Map<string, number[]>();
  const seen = new Map<number, ReturnType<NonNullable<Work['matcher']>['comparables']>>();
  const within = (line: number, record: NonNullable<ReturnType<typeof seen.get>>) => {
    if (matcher === undefined) return undefined;
    const keys = matcher.blocks(record);
    const near = new Set(keys.flatMap((key) => blocks.get(key)?.slice(0, 100) ?? []));
    const found = [...near]
      .map((other) => ({ line: other, ...matcher.match(record, seen.get(other) ?? new Map()) }))
      .filter(({ band }) => band !== 'new')
      .sort((a, b) => (a.band === b.band ? a.line - b.line : a.band === 'same' ? -1 : 1));
    for (const key of keys) blocks.set(key, [...(blocks.get(key) ?? []), line].slice(0, 100));
    seen.set(line, record);
    return found[0];
  };
  return {
    from: ['read'],
    descending: false,
    failed: 'faulty',
    async take({ line, cells }) {
      const { values, problems } = await converter.convert(cells);
      const target = await matching(work, values);
      const { values: stored, violations } = await model.examine(description.name, values, target?.key);
      const named = new Set(problems.map(({ column }) => column));
      const faults = [...problems, ...placed(converter, violations).filter(({ column }) => !named.has(column))];
      if (faults.length > 0) return outcome('faulty', { problems: faults });
      if (target !== undefined) return outcome('match', { record: target.key });
      if (matcher === undefined) return outcome('sound');
      const record = matcher.comparables(stored);
      const [there] = await matcher.find(record);
      const twin = within(line, record);
      if (there?.band === 'same' || (there !== undefined && twin?.band !== 'same')) {
        const message = `agrees in ${there.agree.join(', ')} with the record '${there.key}'`;
        return outcome(there.band === 'same' ? 'same' : 'perhaps', {
          record: there.key,
          problems: [{ column: null, message }],
        });
      }
      if (twin === undefined) return outcome('sound');
      const message = `agrees in ${twin.agree.join(', ')} with line ${twin.line}`;
      return outcome(twin.band === 'same' ? 'same' : 'perhaps', { problems: [{ column: null, message }] });
    },
  };
}

/** Stores each row with the rights of who runs the import. */
export function running(work: Work): Step {
  const { objects, converter, options, description } = work;
  const object = description.name;
  const change = async (target: ObjectRecord, values: Record<string, unknown>): Promise<Outcome> => {
    const named = Object.keys(values).filter((name) => !description.key.includes(name));
    const changes = Object.fromEntries(named.map((name) => [name, values[name]]));
    const after = await objects.update({ object, key: target.key, values: changes, anyway: true });
    if (after.version === target.version)
      return outcome('skipped', { record: target.key, problems: [row('is there already, with the same values')] });
    const before = Object.fromEntries(named.map((name) => [name, target.values[name] ?? null]));
    return outcome('updated', { record: target.key, version: after.version, before });
  };
  return {
    from: OPEN,
    descending: false,
    failed: 'refused',
    async take({ cells }) {
      const { values, problems } = await converter.convert(cells);
      if (problems.length > 0) return outcome('refused', { problems });
      try {
        const target = await matching(work, values);
        if (target !== undefined)
          return options.found === 'update'
            ? await change(target, values)
            : outcome('skipped', { record: target.key, problems: [row('is there already')] });
        const created = await objects.create({ object, values, anyway: options.duplicates === 'create' });
        return outcome('created', { record: created.key, version: created.version });
      } catch (error) {
        if (!(error instanceof CarusoError)) throw error;
        if (error.code === 'VALIDATION_FAILED') return outcome('refused', { problems: problemsOf(converter, error) });
        if (error.code !== 'DUPLICATE_FOUND') throw error;
        const key = (error.details as { duplicates?: { key: string | null }[] }).duplicates?.find(
          (each) => each.key !== null,
        )?.key;
        const twin = key === undefined || key === null ? null : await objects.get({ object, key });
        if (options.duplicates === 'update' && twin !== null) return change(twin, values);
        return outcome('skipped', { record: twin?.key ?? null, problems: [row(error.message)] });
      }
    },
  };
}

/** Takes back what was stored, the last row first; what was changed since is left. For the house: who may run, may undo. */
export function undoing(work: Work): Step {
  const { objects, model, description } = work;
  const object = description.name;
  return {
    from: ['created', 'updated'],
    descending: true,
    failed: 'left',
    async take({ state, record, version, before }) {
      const now = record === null ? null : await objects.get({ object, key: record });
      if (record === null || now === null) return outcome('left', { record, problems: [row('the record is gone')] });
      if (now.version !== version) return outcome('left', { record, version, problems: [row('was changed since')] });
      const key = model.decodeKey(object, record);
      if (state === 'created') await model.amend('delete', object, key);
      else await model.amend('update', object, { ...before, ...key });
      return outcome('undone', { record });
    },
  };
}

/** What is wrong with a row by an error that concerns it alone. */
export function problemsOf(converter: RowConverter, error: CarusoError): Problem[] {
  const violations = Array.isArray(error.details)
    ? (error.details as { attribute?: unknown; message?: unknown }[])
    : [];
  const told = violations.flatMap(({ attribute, message }) =>
    typeof attribute === 'string' && typeof message === 'string' ? [{ attribute, message }] : [],
  );
  return told.length > 0 ? placed(converter, told) : [row(error.message)];
}

function placed(converter: RowConverter, violations: readonly { attribute: string; message: string }[]): Problem[] {
  return violations.map(({ attribute, message }) => {
    const column = converter.columnOf(attribute);
    return { column, message: column === null ? `${attribute} ${message}` : message };
  });
}

function row(message: string): Problem {
  return { column: null, message };
}

/** The record that a row is, by the attributes of `match`, among those the user may see. */
async function matching(
  { objects, options, description }: Work,
  values: Readonly<Record<string, unknown>>,
): Promise<ObjectRecord | undefined> {
  const { match } = options;
  if (match.length === 0 || match.some((name) => values[name] === undefined)) return undefined;
  const where = match.map((name, at) => `${name} = matched${at}`).join(' and ');
  const params = Object.fromEntries(match.map((name, at) => [`matched${at}`, values[name]]));
  const { records } = await objects.find({ object: description.name, where, params, limit: 2 });
  if (records.length > 1) {
    throw new CarusoError({
      code: 'VALIDATION_FAILED',
      message: 'more than one record matches',
      details: match.map((attribute) => ({ attribute, message: 'is the same in more than one record' })),
      status: 422,
    });
  }
  return records[0];
}
