import type { Draft } from './draft.js';
import type { Attribute } from './model.js';

/** What is computed of something sensitive is sensitive itself: else a formula would tell what the attribute does not. */
export function spreadSensitivity(drafts: ReadonlyMap<string, Draft>): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const draft of drafts.values()) {
      for (const attribute of draft.attributes.values()) {
        if (attribute.sensitive || attribute.kind === 'stored') continue;
        const { formula, rollUp } = attribute;
        const relation = rollUp === undefined ? undefined : draft.relations.get(rollUp.relation);
        const target = relation === undefined ? undefined : drafts.get(relation.to);
        const tells =
          formula?.dependencies.some((path) => isSensitive(drafts, draft, path.split('.'))) === true ||
          (rollUp?.of !== undefined && target?.attributes.get(rollUp.of)?.sensitive === true) ||
          rollUp?.where?.dependencies.some((path) => {
            const [root = '', ...rest] = path.split('.');
            const own = root === rollUp.relation && target?.attributes.has(root) !== true;
            return target !== undefined && isSensitive(drafts, target, own ? rest : [root, ...rest]);
          }) === true;
        if (!tells) continue;
        attribute.sensitive = true;
        changed = true;
      }
    }
  }
}

/** Whether a path reads something sensitive on its way. */
function isSensitive(drafts: ReadonlyMap<string, Draft>, from: Draft, path: readonly string[]): boolean {
  let draft: Draft | undefined = from;
  for (const step of path) {
    const attribute: Attribute | undefined = draft?.attributes.get(step);
    if (attribute?.sensitive === true) return true;
    draft = attribute?.to === undefined ? undefined : drafts.get(attribute.to);
  }
  return false;
}
