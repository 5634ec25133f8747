import type { ObjectRecord } from '@caruso/business-objects/contract';
import type { Problem } from './import-rows.js';
import { placed, type Work } from './step.js';

type Values = Readonly<Record<string, unknown>>;

/** What a row is, by the attributes of `match`. */
export interface RecordMatch {
  /** Equal for rows of the file that are the same record; null where nothing is matched by. */
  id: string | null;
  /** The record there is, among those the user may see. */
  record: ObjectRecord | undefined;
  problems: Problem[];
}

/** For each row the record that it is. */
export async function matchRecords(
  { batch, converter, options, description }: Work,
  rows: readonly Values[],
): Promise<RecordMatch[]> {
  const { match } = options;
  if (match.length === 0) return rows.map(() => ({ id: null, record: undefined, problems: [] }));
  const found = await batch.findBy(description.name, match, rows);
  return found.map(({ values, records }) => {
    const several = records.length > 1 ? 'is the same in more than one record' : undefined;
    return {
      id: values === null ? null : JSON.stringify(values),
      record: records[0],
      problems:
        several === undefined
          ? []
          : placed(
              converter,
              match.map((attribute) => ({ attribute, message: several })),
            ),
    };
  });
}
