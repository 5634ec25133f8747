import { nearest } from '@caruso/declarations';
import { type Draft, fault, keyFault } from './draft.js';

/** Fills in which values depend on which other attribute's, once all attributes are known. */
export function compileDependents(draft: Draft): void {
  for (const [name, body] of Object.entries(draft.file.attributes)) {
    const attribute = draft.attributes.get(name);
    if (attribute === undefined || body.by === undefined || body.values === undefined || Array.isArray(body.values))
      continue;
    const path = ['attributes', name];
    const on = draft.attributes.get(body.by);
    if (on?.kind !== 'stored' || !(on.type === 'one of' || on.type === 'boolean')) {
      const choices = [...draft.attributes.values()].filter(({ type }) => type === 'one of' || type === 'boolean');
      const near = nearest(
        body.by,
        choices.map((each) => each.name),
      );
      const message = `the values of '${name}' depend on '${body.by}', which is no stored choice of ${draft.name}`;
      const remedy = near === undefined ? 'name an attribute of type one of or boolean' : `did you mean '${near}'?`;
      fault(draft, [...path, 'by'], 'MODEL_DEPENDENT', message, remedy);
      continue;
    }
    const known = on.type === 'boolean' ? ['true', 'false'] : (on.values ?? []);
    for (const value of Object.keys(body.values)) {
      if (known.includes(value)) continue;
      const near = nearest(value, known);
      const remedy = near === undefined ? `it has ${known.join(', ')}` : `did you mean '${near}'?`;
      keyFault(draft, [...path, 'values', value], 'MODEL_DEPENDENT', `'${body.by}' never is '${value}'`, remedy);
    }
    const without = known.filter((value) => !Object.hasOwn(body.values ?? {}, value));
    if (attribute.required && without.length > 0) {
      const message = `'${name}' is required, but has no values where '${body.by}' is ${without.join(', ')}`;
      fault(draft, [...path, 'values'], 'MODEL_DEPENDENT', message, 'give values for each, or let it be optional');
    }
    attribute.dependsOn = { attribute: body.by, values: new Map(Object.entries(body.values)) };
  }
  refuseCircles(draft);
}

function refuseCircles(draft: Draft): void {
  for (const { name } of draft.attributes.values()) {
    const path = [name];
    for (let at = draft.attributes.get(name)?.dependsOn?.attribute; at !== undefined; ) {
      path.push(at);
      if (at === name) {
        const message = `values depend on one another: ${path.join(' -> ')}`;
        fault(draft, ['attributes', name, 'by'], 'MODEL_DEPENDENT', message, 'let one of them depend on nothing');
        break;
      }
      if (path.indexOf(at) < path.length - 1) break;
      at = draft.attributes.get(at)?.dependsOn?.attribute;
    }
  }
}
