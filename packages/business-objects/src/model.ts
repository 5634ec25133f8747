import type { Expression, Schema, ValueType } from '@caruso/expressions';
import type { ColumnShape, ColumnType } from '@caruso/storage-manager/contract';
import type { AttributeType } from './contract.js';
import type { MatchRule, Normalisation, Survivor } from './match-rule.js';
import type { DateFormat } from './model-file.js';

/** One column of a table, as an attribute uses it. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly scale: number | undefined;
  readonly length: number | undefined;
  readonly nullable: boolean;
  /** How a legacy table writes a date. */
  readonly format: DateFormat | undefined;
  /** A legacy column of the type uuid, which is text for us and for which PostgreSQL wants a uuid. */
  readonly uuid?: true;
  /** Of a legacy database that was looked at: see `ColumnShape`. */
  narrow?: ColumnShape['narrow'];
}

/** A figure over a to-many relation. */
export interface RollUp {
  readonly kind: 'count' | 'sum';
  readonly relation: string;
  /** Attribute of the other object that is summed. */
  readonly of: string | undefined;
  /** Condition over the other object. */
  readonly where: Expression | undefined;
}

export interface Attribute {
  readonly name: string;
  readonly label: string;
  readonly type: AttributeType;
  readonly kind: 'stored' | 'formula' | 'roll-up';
  /** The name it had before. */
  readonly was: string | undefined;
  /** Empty unless stored: one; amount and currency of money; the key columns of the other object for a reference. */
  readonly columns: readonly Column[];
  readonly key: boolean;
  /** Who makes the value: Caruso's ids, or the database itself. */
  readonly generated: 'id' | 'database' | undefined;
  readonly required: boolean;
  readonly unique: boolean;
  readonly index: boolean;
  readonly readOnly: boolean;
  readonly sensitive: boolean;
  readonly search: boolean;
  readonly help: string | undefined;
  readonly normalise: Normalisation | undefined;
  readonly survivor: Survivor | undefined;
  readonly default: { readonly value: unknown } | { readonly expression: Expression } | undefined;
  readonly pattern: { readonly source: string; readonly test: RegExp } | undefined;
  readonly values: readonly string[] | undefined;
  /** Of dependent values: the attribute they depend on, and which there are for each of its values, as text. */
  readonly dependsOn:
    | { readonly attribute: string; readonly values: ReadonlyMap<string, readonly string[]> }
    | undefined;
  readonly maxLength: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly scale: number | undefined;
  readonly currency: string | undefined;
  /** Object a reference leads to. */
  readonly to: string | undefined;
  readonly valueType: ValueType;
  readonly formulaSource: string | undefined;
  /** Absent while a formula has a fault. */
  readonly formula: Expression | undefined;
  readonly rollUp: RollUp | undefined;
}

/**
 * A to-many relation: rows of `to` whose `otherColumns` equal this object's `ownColumns`. Of a many-to-many relation both are the keys,
 * and rows of a junction say which belong together.
 */
export interface ManyRelation {
  readonly name: string;
  readonly label: string;
  readonly to: string;
  /** Empty of a many-to-many relation. */
  readonly by: readonly string[];
  readonly ownColumns: readonly Column[];
  readonly otherColumns: readonly Column[];
  readonly through: Through | undefined;
}

/** How a many-to-many relation leads over the rows of a junction. */
export interface Through {
  /** A business object, or the table of links that a relation has to itself (see {@link CompiledModel.junctions}). */
  readonly junction: ModelObject;
  /** The junction's reference to the object that has the relation. */
  readonly from: Attribute;
  /** The junction's reference to what the relation leads to. */
  readonly to: Attribute;
  /** A link says nothing but which two: it goes with either of them. */
  readonly bare: boolean;
}

/** What one role may do with one object. */
export interface RoleRight {
  /** `true`: all rows; a condition: the rows that meet it. */
  readonly read: boolean | Expression;
  readonly write: 'all' | ReadonlySet<string>;
  readonly create: boolean;
  readonly delete: boolean;
  readonly hide: ReadonlySet<string>;
  /** Sensitive attributes whose clear value may be read. */
  readonly reveal: 'all' | ReadonlySet<string>;
}

/** An index over several attributes. */
export interface ModelIndex {
  readonly attributes: readonly { readonly attribute: Attribute; readonly descending: boolean }[];
  readonly unique: boolean;
}

export interface ModelObject {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  /** The object whose file this one builds on. */
  readonly extends: string | undefined;
  readonly database: string;
  readonly schema: string | undefined;
  readonly table: string;
  readonly managed: boolean;
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly key: readonly Attribute[];
  readonly keyColumns: readonly Column[];
  readonly relations: ReadonlyMap<string, ManyRelation>;
  readonly rights: ReadonlyMap<string, RoleRight> | undefined;
  readonly writtenBy: string | undefined;
  /** People may write notes on its records. */
  readonly notes: boolean;
  /** People may attach files to its records: bytes of the largest, and MIME types, none for all. */
  readonly attachments: { readonly largest: number; readonly types: readonly string[] } | undefined;
  /** When two records are about the same thing. */
  readonly duplicates: readonly MatchRule[];
  readonly indexes: readonly ModelIndex[];
  /** Counts changes through Caruso; managed tables have it. */
  readonly versionColumn: string | undefined;
  /** Empty for rows that are there, else when the row was deleted and an id; managed tables whose rows are kept have it. */
  readonly deletedColumn: string | undefined;
  /** The column that holds the words of the searchable attributes; managed tables that ask for it have it. */
  readonly wordColumn: string | undefined;
  /** The name it had before, the table that it had under it, and columns that are to go. */
  readonly formerName: string | undefined;
  readonly was: string | undefined;
  readonly removed: readonly string[];
}

/** A model that was compiled: the only truth about what is stored where and who may see it. */
export interface CompiledModel {
  readonly objects: ReadonlyMap<string, ModelObject>;
  /** Tables of links that relations have to themselves, by `Object.relation`: stored like objects, and unknown as such. */
  readonly junctions: ReadonlyMap<string, ModelObject>;
  /** Objects with a fault, and the first of theirs: they answer with an error while the others serve. */
  readonly refused: ReadonlyMap<string, string>;
  /** What conditions may name: attributes, to-one and to-many relations. */
  readonly schema: Schema;
}

export const VERSION_COLUMN = 'caruso_version';
export const WORD_COLUMN = 'caruso_words';
export const DELETED_COLUMN = 'caruso_deleted';
/** Names that no attribute's column may have. */
export const OWN_COLUMNS: ReadonlySet<string> = new Set([VERSION_COLUMN, WORD_COLUMN, DELETED_COLUMN]);

/** What stands for a sensitive value where it is not shown. Written back, it changes nothing. */
export const MASK = '***';

/** Attributes that free text is looked for in. */
export function searchedAttributes(object: ModelObject): Attribute[] {
  return storedAttributes(object).filter((attribute) => attribute.search);
}

/** Objects and tables of links: all that has a table. */
export function storedObjects({ objects, junctions }: CompiledModel): ModelObject[] {
  return [...objects.values(), ...junctions.values()];
}

/** Attributes that live in columns of the table. */
export function storedAttributes(object: ModelObject): Attribute[] {
  return [...object.attributes.values()].filter((attribute) => attribute.kind === 'stored');
}
