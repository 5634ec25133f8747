import type { Expression } from '@caruso/expressions';
import { rootFrame, translateCondition } from './condition.js';
import { dialectOf } from './dialect.js';
import { type Draft, fault } from './draft.js';
import type { CompiledModel, ModelObject } from './model.js';
import type { Frame, Site } from './scope.js';
import { attributeValue } from './translate-path.js';
import { Untranslatable } from './untranslatable.js';

/**
 * Reports roll-ups and row rights that no database can compute: they are always computed there, so that nothing is filtered afterwards.
 * All dialects know the same, so one speaks for all.
 */
export function checkTranslations(drafts: ReadonlyMap<string, Draft>, model: CompiledModel): void {
  const site: Site = {
    dialect: dialectOf('sqlite'),
    objects: model.objects,
    refused: new Map(),
    parameter: () => undefined,
    user: () => 'text',
    rules: () => undefined,
  };
  for (const object of model.objects.values()) {
    const draft = drafts.get(object.name);
    if (draft === undefined || model.refused.has(object.name)) continue;
    checkRollUps(draft, site, object);
    for (const [role, { read }] of object.rights ?? []) {
      if (typeof read !== 'boolean')
        checkCondition(draft, ['rights', role, 'read'], rootFrame(site, object, false), read);
    }
  }
}

function checkRollUps(draft: Draft, site: Site, object: ModelObject): void {
  for (const { name, rollUp } of object.attributes.values()) {
    if (rollUp === undefined) continue;
    const relation = object.relations.get(rollUp.relation);
    const target = relation === undefined ? undefined : site.objects.get(relation.to);
    if (relation === undefined || target === undefined) continue;
    const frame = { ...rootFrame(site, target, false), names: new Set([relation.name]) };
    const path = ['attributes', name];
    if (rollUp.where !== undefined) checkCondition(draft, [...path, 'where'], frame, rollUp.where);
    const summed = rollUp.of === undefined ? undefined : target.attributes.get(rollUp.of);
    if (summed === undefined) continue;
    try {
      attributeValue(NOWHERE, frame, frame.scope, summed);
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error;
      fault(draft, [...path, 'sum'], 'MODEL_UNTRANSLATABLE', error.message, error.remedy);
    }
  }
}

const NOWHERE = { kind: 'literal', value: null, type: 'null', offset: 0, length: 0 } as const;

function checkCondition(draft: Draft, path: readonly (string | number)[], frame: Frame, condition: Expression): void {
  const translated = translateCondition(condition, frame);
  if (!('fault' in translated)) return;
  const { message, remedy, offset } = translated.fault;
  draft.faults.push({
    ...draft.locate.within([...path], offset),
    code: 'MODEL_UNTRANSLATABLE',
    message,
    remedy,
    severity: 'error',
  });
}
