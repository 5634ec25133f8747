import type { Fault, Locate } from '@caruso/declarations';
import type { ExpressionFault } from '@caruso/expressions';
import type { MatchRule } from './match-rule.js';
import type { Attribute, Column, ManyRelation, ModelIndex, RoleRight, Through } from './model.js';
import type { ModelFile } from './model-file.js';

export type Path = readonly (string | number)[];
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A relation while the junction it leads over is compiled: a draft still. */
export interface DraftRelation extends Omit<ManyRelation, 'through'> {
  readonly through: (Omit<Through, 'junction'> & { readonly junction: Draft }) | undefined;
}

/** An object while it is compiled, with the file it comes from. */
export interface Draft {
  readonly name: string;
  readonly file: ModelFile;
  readonly locate: Locate;
  readonly managed: boolean;
  readonly attributes: Map<string, Mutable<Attribute>>;
  readonly relations: Map<string, DraftRelation>;
  rights: ReadonlyMap<string, RoleRight> | undefined;
  duplicates: readonly MatchRule[];
  indexes: readonly ModelIndex[];
  /** Set once references are resolved. */
  keyColumns: readonly Column[] | undefined;
  readonly faults: Fault[];
}

/** A draft of which nothing is compiled yet. */
export function newDraft({ file, ...rest }: Pick<Draft, 'file' | 'locate' | 'managed' | 'faults'>): Draft {
  return {
    ...rest,
    file,
    name: file.object,
    attributes: new Map(),
    relations: new Map(),
    rights: undefined,
    duplicates: [],
    indexes: [],
    keyColumns: undefined,
  };
}

/** Reports what is wrong with the value at `path`. */
export function fault(draft: Draft, path: Path, code: string, message: string, remedy: string): void {
  draft.faults.push({ ...draft.locate([...path]), code, message, remedy, severity: 'error' });
}

/** Reports what is wrong with a name that is a key of a mapping. */
export function keyFault(draft: Draft, path: Path, code: string, message: string, remedy: string): void {
  draft.faults.push({ ...draft.locate.key([...path]), code, message, remedy, severity: 'error' });
}

/** Reports the faults of an expression, each at its own place within the text at `path`. */
export function expressionFaults(draft: Draft, path: Path, faults: readonly ExpressionFault[]): void {
  for (const { code, message, remedy, offset } of faults) {
    draft.faults.push({ ...draft.locate.within([...path], offset), code, message, remedy, severity: 'error' });
  }
}
