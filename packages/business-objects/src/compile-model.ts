import { type Fault, nearest, type Source, sortFaults } from '@caruso/declarations';
import type { Schema } from '@caruso/expressions';
import { checkTranslations } from './check-translations.js';
import { compileAttribute } from './compile-attribute.js';
import { compileComputed, objectTypes } from './compile-computed.js';
import { compileDependents } from './compile-dependents.js';
import { compileDuplicates } from './compile-duplicates.js';
import { compileIndexes } from './compile-indexes.js';
import { compileLinkTables } from './compile-junction.js';
import { resolveReferences } from './compile-reference.js';
import { resolveRelations } from './compile-relation.js';
import { compileRights } from './compile-rights.js';
import { type Draft, fault, keyFault, newDraft } from './draft.js';
import {
  type CompiledModel,
  DELETED_COLUMN,
  type ManyRelation,
  type ModelObject,
  OWN_COLUMNS,
  VERSION_COLUMN,
  WORD_COLUMN,
} from './model.js';
import type { ModelFile } from './model-file.js';
import type { ModelReadings } from './model-readings.js';
import { ADDRESSES, humanName, plural, snakeName, withoutAddress } from './name.js';
import { readModelFiles } from './read-model-files.js';
import { spreadSensitivity } from './spread-sensitivity.js';

export interface ModelOptions {
  /** The databases of the front office; where given, an unknown one is a fault. Default: every database is managed. */
  databases?: Readonly<Record<string, { managed: boolean }>>;
  /** Currency of money that names none, ISO 4217. */
  currency?: string | undefined;
  /** Of the compilations before this one. */
  readings?: ModelReadings | undefined;
}

export interface CompiledModelFiles {
  model: CompiledModel;
  faults: Fault[];
  /** Objects of the model as types of the expression language, without variables. */
  schema: Schema;
  /** Where an object, attribute or relation is declared, for later faults. */
  locate(object: string, path: readonly (string | number)[]): { file: string; line: number; column: number };
}

/**
 * Compiles `model/*.yaml`. Pure; never throws for what people write: what is wrong is in `faults`, and the objects concerned are
 * refused by the model while the others serve.
 *
 * @example
 * const { model, faults, schema } = compileModel(folder.sources('model'));
 */
export function compileModel(sources: readonly Source[], options: ModelOptions = {}): CompiledModelFiles {
  const { objects: files, faults } = readModelFiles(sources, options.readings);
  const drafts = new Map<string, Draft>();
  for (const { file, locate, faults: found } of files) {
    const managed = options.databases?.[file.database]?.managed ?? true;
    const draft = newDraft({ file, locate, managed, faults: found });
    const twin = drafts.get(draft.name);
    if (twin !== undefined) {
      fault(
        draft,
        ['object'],
        'MODEL_OBJECT_TWICE',
        `${draft.name} is declared in ${twin.locate([]).file} already`,
        'rename one, or use the same file name to lay one over the other',
      );
      faults.push(...draft.faults);
      continue;
    }
    compileOwn(draft, options);
    // What only others extend is no object of its own; what is wrong with it is told all the same.
    if (file.abstract) faults.push(...draft.faults);
    else drafts.set(draft.name, draft);
  }
  const links = compileLinkTables(drafts, options.databases);
  resolveReferences(drafts, links.values());
  resolveRelations(drafts, links);
  compileComputed(drafts);
  const objects = objectTypes(drafts.values(), true);
  for (const draft of drafts.values()) {
    compileRights(draft, objects);
    compileDependents(draft);
    draft.duplicates = compileDuplicates(draft);
    draft.indexes = compileIndexes(draft);
    checkColumns(draft);
  }
  for (const draft of links.values()) checkColumns(draft, 'name another with from: or to:');
  spreadSensitivity(drafts);
  checkTranslations(drafts, assemble(drafts, links, objects));
  const model = assemble(drafts, links, objects);
  for (const draft of [...drafts.values(), ...links.values()]) faults.push(...draft.faults);
  const locate = (object: string, path: readonly (string | number)[]) =>
    (drafts.get(object) ?? links.get(object))?.locate([...path]) ?? { file: 'model', line: 1, column: 1 };
  return {
    model,
    faults: sortFaults(faults),
    schema: { variables: {}, objects: objectTypes(drafts.values(), false) },
    locate,
  };
}

/** What an object says by itself. */
function compileOwn(draft: Draft, options: ModelOptions): void {
  const { file } = draft;
  if (options.databases !== undefined && !Object.hasOwn(options.databases, file.database)) {
    const known = Object.keys(options.databases);
    const near = nearest(file.database, known);
    const remedy = near === undefined ? `declared in caruso.yaml: ${known.join(', ')}` : `did you mean '${near}'?`;
    fault(draft, ['database'], 'MODEL_DATABASE_UNKNOWN', `no database '${file.database}' is declared`, remedy);
  }
  if (file.delete === 'keep' && !draft.managed) {
    const message = `${draft.name} is a table of another system, which has no place for what was deleted`;
    fault(
      draft,
      ['delete'],
      'MODEL_DELETE_KEEP',
      message,
      "remove 'delete', or keep the object in a database of Caruso's own",
    );
  }
  for (const [name, body] of Object.entries(file.attributes)) {
    if (RESERVED.has(name)) {
      const message = `'${name}' cannot be the name of an attribute`;
      keyFault(
        draft,
        ['attributes', name],
        'MODEL_NAME',
        message,
        'choose another name, and keep the column with column:',
      );
    }
    if (body.to !== undefined && ADDRESSES.has(name))
      keyFault(draft, ['attributes', name], 'MODEL_NAME', ...withoutAddress(name));
    const currency =
      body.type === 'money' && body.currencyColumn === undefined ? (body.currency ?? options.currency) : body.currency;
    draft.attributes.set(name, compileAttribute(draft, name, currency === undefined ? body : { ...body, currency }));
  }
  if (draft.managed && !file.abstract && ![...draft.attributes.values()].some((attribute) => attribute.key)) {
    const remedy = "mark one with key: true, or add 'id: { key: generated, type: text }'";
    fault(draft, ['attributes'], 'MODEL_KEY_MISSING', `${draft.name} has no key attribute`, remedy);
  }
}

/** Names that expressions or plain data cannot have. */
const RESERVED: ReadonlySet<string> = new Set([
  'user',
  'and',
  'or',
  'not',
  'in',
  'true',
  'false',
  'null',
  '__proto__',
  'constructor',
  'prototype',
]);

/** In a managed table no two attributes share a column; in a legacy one a key may overlap with a reference. */
function checkColumns(draft: Draft, remedy = 'name another with column:'): void {
  if (!draft.managed) return;
  const owners = new Map<string, string>();
  for (const attribute of draft.attributes.values()) {
    for (const column of attribute.columns) {
      const owner = owners.get(column.name.toLowerCase());
      if (owner !== undefined || OWN_COLUMNS.has(column.name.toLowerCase())) {
        const other = owner === undefined ? 'Caruso itself' : `'${owner}'`;
        const message = `'${attribute.name}' has column '${column.name}', which ${other} has too`;
        fault(draft, ['attributes', attribute.name], 'MODEL_COLUMN_TWICE', message, remedy);
      }
      owners.set(column.name.toLowerCase(), attribute.name);
    }
  }
}

const LARGEST_ATTACHMENT = '10 MB';

function attachmentLimits(declared: ModelFile['attachments']): ModelObject['attachments'] {
  if (declared === undefined || declared === false) return undefined;
  const { largest = LARGEST_ATTACHMENT, types = [] } = declared === true ? {} : declared;
  const unit = largest.endsWith('MB') ? 1_048_576 : 1024;
  return { largest: Number.parseInt(largest, 10) * unit, types };
}

function assemble(
  drafts: ReadonlyMap<string, Draft>,
  links: ReadonlyMap<string, Draft>,
  objects: NonNullable<Schema['objects']>,
): CompiledModel {
  const compiled = new Map<string, ModelObject>();
  const junctions = new Map<string, ModelObject>();
  const refused = new Map<string, string>();
  for (const draft of [...drafts.values(), ...links.values()]) {
    const [first] = draft.faults;
    if (first !== undefined) refused.set(draft.name, `${first.file}:${first.line}:${first.column} ${first.message}`);
    (links.has(draft.name) ? junctions : compiled).set(draft.name, {
      ...objectOf(draft),
      // Nobody changes a link: it is there or not.
      ...(links.has(draft.name) ? { versionColumn: undefined } : {}),
    });
  }
  const known = (draft: Draft) => compiled.get(draft.name) ?? junctions.get(draft.name);
  // Junctions are objects themselves, so relations lead over them only when all are there.
  for (const draft of drafts.values()) {
    const relations = known(draft)?.relations as Map<string, ManyRelation>;
    for (const { through, ...relation } of draft.relations.values()) {
      const junction = through === undefined ? undefined : known(through.junction);
      relations.set(relation.name, {
        ...relation,
        through: through === undefined || junction === undefined ? undefined : { ...through, junction },
      });
    }
  }
  return { objects: compiled, junctions, refused, schema: { variables: {}, objects } };
}

function objectOf(draft: Draft): ModelObject {
  const { file } = draft;
  const label = file.label ?? humanName(draft.name);
  return {
    name: draft.name,
    label,
    labelPlural: file.labelPlural ?? plural(label),
    database: file.database,
    schema: file.schema,
    table: file.table ?? snakeName(draft.name),
    managed: draft.managed,
    attributes: draft.attributes,
    key: [...draft.attributes.values()].filter((attribute) => attribute.key),
    keyColumns: draft.keyColumns ?? [],
    relations: new Map(),
    rights: draft.rights,
    writtenBy: file['written by'],
    extends: file.extends,
    notes: file.notes === true,
    attachments: attachmentLimits(file.attachments),
    duplicates: draft.duplicates,
    indexes: draft.indexes,
    versionColumn: draft.managed ? VERSION_COLUMN : undefined,
    deletedColumn: draft.managed && file.delete === 'keep' ? DELETED_COLUMN : undefined,
    wordColumn: draft.managed && file.search === 'words' ? WORD_COLUMN : undefined,
    formerName: file.was,
    was: file.was === undefined ? undefined : snakeName(file.was),
    removed: (file.removed ?? []).flatMap((name) => [...new Set([name, snakeName(name)])]),
  };
}
