import type { Expression } from '@caruso/expressions';
import { demand } from './editor.js';
import type { Caller, Engine } from './engine.js';
import { accessDenied } from './errors.js';
import { decodeKey } from './key.js';
import type { ModelObject } from './model.js';
import { demandVisible } from './related.js';

/** A record whose notes or files are looked at: the caller sees it. */
export interface Annotated {
  readonly caller: Caller;
  readonly object: ModelObject;
  readonly key: string;
}

/** Throws RECORD_NOT_FOUND unless the caller sees the record. */
export async function seen(engine: Engine, input: { object: string; key: string }): Promise<Annotated> {
  const caller = engine.caller();
  const { object } = engine.object(caller, input.object);
  decodeKey(caller.state.model.objects, object, input.key);
  await demandVisible(engine, caller, object, input.key);
  return { caller, object, key: input.key };
}

/** Throws ACCESS_DENIED unless the caller may change something of the record. */
export async function demandAnnotator(engine: Engine, { caller, object, key }: Annotated, what: string): Promise<void> {
  const { writable } = caller.access.of(object);
  const rules = new Set<Expression>();
  for (const each of writable.values()) {
    if (each === undefined) return;
    for (const rule of each) rules.add(rule);
  }
  if (writable.size === 0) throw accessDenied(engine.who(caller), what);
  await demand(engine, caller, object, key, [...rules], what);
}

/** Whoever may delete the record may take from it what others added. */
export async function demandRemover(engine: Engine, annotated: Annotated, by: unknown, what: string): Promise<void> {
  const { caller, object, key } = annotated;
  const access = caller.access.of(object);
  if (caller.principal.id === by && caller.principal.kind !== 'visitor') {
    await demandAnnotator(engine, annotated, what);
    return;
  }
  if (!access.delete) throw accessDenied(engine.who(caller), what);
  await demand(engine, caller, object, key, access.deleteRules, what);
}

/** Journals what was added to a record or taken from it, within the running unit of work. */
export async function journalAnnotation(
  engine: Engine,
  { object, key }: Annotated,
  verb: string,
  data: Record<string, unknown>,
): Promise<void> {
  const subject = { object: object.name, key };
  await engine.parts.journal.append({ type: `${object.name}.${verb}`, subject, data, changes: [] });
}
