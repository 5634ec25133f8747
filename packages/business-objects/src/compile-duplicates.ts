import { nearest } from '@caruso/declarations';
import { type Draft, fault, keyFault } from './draft.js';
import type { MatchCondition, MatchRule } from './match-rule.js';
import type { DuplicateRuleFile } from './model-file.js';

const CONDITION = /^([A-Za-z_]\w*)(?:\s*~\s*(\d(?:\.\d+)?))?$/;

/** Compiles `duplicates:` of a model file; conditions name stored attributes, `name ~ 0.92` those that may differ a little. */
export function compileDuplicates(draft: Draft): MatchRule[] {
  const owner = draft.file['written by'];
  if (draft.file.duplicates.length > 0 && owner !== undefined) {
    const message = `${draft.name} is written by '${owner}' alone, which no duplicate can be refused to`;
    keyFault(draft, ['duplicates'], 'MODEL_DUPLICATES', message, "remove 'duplicates' or 'written by'");
    return [];
  }
  return draft.file.duplicates.flatMap((rule, index) => compileRule(draft, rule, ['duplicates', index]) ?? []);
}

function compileRule(draft: Draft, rule: DuplicateRuleFile, path: (string | number)[]): MatchRule | undefined {
  const { same, perhaps, weigh } = rule;
  if (weigh !== undefined) {
    if (typeof same !== 'number' || typeof perhaps !== 'number' || perhaps > same) {
      const remedy = 'write same: and perhaps: with points, perhaps: no more than same:';
      fault(draft, path, 'MODEL_DUPLICATES', 'weights need the points from which records are the same', remedy);
      return undefined;
    }
    const weights = Object.entries(weigh).flatMap(([text, points]) => {
      const condition = compileCondition(draft, text, [...path, 'weigh', text]);
      return condition === undefined ? [] : [{ ...condition, points }];
    });
    return { kind: 'weigh', weights, same, perhaps };
  }
  const [band, list] = same === undefined ? (['perhaps', perhaps] as const) : (['same', same] as const);
  if (typeof list === 'number' || list === undefined || (same !== undefined && perhaps !== undefined)) {
    const remedy =
      "write 'same: [email]', 'perhaps: [name ~ 0.92, phone]', or weigh: with same: and perhaps: in points";
    fault(draft, path, 'MODEL_DUPLICATES', 'a rule has one list of what must agree', remedy);
    return undefined;
  }
  const conditions = list.flatMap((text, index) => compileCondition(draft, text, [...path, band, index]) ?? []);
  return conditions.length < list.length ? undefined : { kind: 'all', band, conditions };
}

function compileCondition(draft: Draft, text: string, path: (string | number)[]): MatchCondition | undefined {
  const [, name = '', like] = CONDITION.exec(text.trim()) ?? [];
  const similarity = like === undefined ? undefined : Number(like);
  const wrong = (message: string, remedy: string) => {
    fault(draft, path, 'MODEL_DUPLICATES', message, remedy);
    return undefined;
  };
  if (name === '') return wrong(`'${text}' is no condition of a duplicate`, "write 'email' or 'name ~ 0.92'");
  const attribute = draft.attributes.get(name);
  if (attribute === undefined) {
    const near = nearest(name, draft.attributes.keys());
    const remedy =
      near === undefined ? `attributes: ${[...draft.attributes.keys()].join(', ')}` : `did you mean '${near}'?`;
    return wrong(`${draft.name} has no attribute '${name}'`, remedy);
  }
  if (attribute.kind !== 'stored') return wrong(`'${name}' is computed`, 'compare what it is computed from');
  if (attribute.type === 'json' || attribute.type === 'binary')
    return wrong(`'${name}' is ${attribute.type}, which is not compared`, 'compare another attribute');
  if (similarity === undefined) return { attribute: name };
  if (similarity <= 0.5 || similarity > 1)
    return wrong(
      `a similarity of ${similarity} finds everything or nothing`,
      'write one over 0.5, up to 1: name ~ 0.92',
    );
  return { attribute: name, like: similarity };
}
