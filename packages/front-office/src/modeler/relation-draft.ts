import type { Member, Operation } from '@caruso/modeler/contract';

/** How a relation leads to the other object. */
export const WAYS = ['by', 'through', 'table', 'inverse'] as const;
export type Way = (typeof WAYS)[number];

/** What a form holds of a relation. */
export interface RelationDraft {
  name: string;
  many: string;
  way: Way;
  /** The attributes of the other object that lead back. */
  by: string[];
  /** The object whose records are the links. */
  through: string;
  /** References of that object, or columns of the table of links. */
  from: string[];
  to: string[];
  /** Empty: named after object and relation. */
  table: string;
  database: string;
  schema: string;
  /** The relation of the other object. */
  inverse: string;
  label: string;
}

const DETAILS: Readonly<Record<Way, readonly (keyof RelationDraft)[]>> = {
  by: [],
  through: ['from', 'to'],
  table: ['from', 'to', 'database', 'schema'],
  inverse: [],
};

export function relationDraftOf(name: string, body: Readonly<Record<string, unknown>>): RelationDraft {
  const text = (key: string): string => (typeof body[key] === 'string' ? body[key] : '');
  const list = (key: string): string[] => [body[key] ?? []].flat().map(String);
  return {
    name,
    many: text('many'),
    way: WAYS.find((way) => body[way] !== undefined) ?? 'by',
    by: list('by'),
    through: text('through'),
    from: list('from'),
    to: list('to'),
    table: text('table'),
    database: text('database'),
    schema: text('schema'),
    inverse: text('inverse'),
    label: text('label'),
  };
}

/** Whether the form says enough to be taken over. */
export function isSound({ many, way, by, through, inverse }: RelationDraft): boolean {
  return many !== '' && { by: by.length > 0, through: through !== '', table: true, inverse: inverse !== '' }[way];
}

/** As the file says it; undefined for what it does not say. */
function saidOf(draft: RelationDraft): Record<string, unknown> {
  const said = (key: keyof RelationDraft): unknown => {
    const value = draft[key];
    if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
    const [only, ...more] = value.map((each) => each.trim()).filter((each) => each !== '');
    return more.length === 0 ? only : [only, ...more];
  };
  const { way } = draft;
  const details = DETAILS[way].map((key) => [key, said(key)] as const);
  return {
    many: draft.many,
    ...Object.fromEntries(WAYS.map((each) => [each, undefined])),
    ...Object.fromEntries(DETAILS.table.map((key) => [key, undefined])),
    [way]: way === 'table' ? (said('table') ?? true) : said(way),
    ...Object.fromEntries(details),
    label: said('label'),
  };
}

/** The edits that make a relation what the form says; none where it says that already. Pure. */
export function relationOperations(object: string, member: Member | undefined, draft: RelationDraft): Operation[] {
  const name = draft.name.trim();
  const place = { object, in: 'relations' as const };
  const said = saidOf(draft);
  if (member === undefined) {
    const value = Object.fromEntries(Object.entries(said).filter(([, each]) => each !== undefined));
    return [{ do: 'add', ...place, name, value } as Operation];
  }
  const renamed: Operation[] = name === member.name ? [] : [{ do: 'rename', ...place, name: member.name, to: name }];
  const changed = Object.entries(said).flatMap(([key, value]): Operation[] =>
    JSON.stringify(value) === JSON.stringify(member.body[key])
      ? []
      : [{ do: 'set', object, path: ['relations', name, key], value: value ?? null } as Operation],
  );
  return [...renamed, ...changed];
}
