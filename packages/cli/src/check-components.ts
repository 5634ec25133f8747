import { checkValue, type Fault, type Folder } from '@caruso/declarations';
import { satisfies } from 'semver';
import type { z } from 'zod';
import { configOf, type House } from './house.js';

/** Configurations against the schemas of their components, and needs against what is provided. */
export function checkComponents(folder: Folder, house: House): Fault[] {
  const faults: Fault[] = [];
  for (const [name, loaded] of house.loaded) {
    const schema: unknown = loaded.component?.config;
    if (!isSchema(schema)) continue;
    const config = configOf(folder, name, loaded, house.settings);
    const checked = checkValue(config, schema, folder.locate, ['components', name, 'config']);
    faults.push(...checked.faults);
  }
  return [...faults, ...unsatisfied(folder, house)];
}

/** Needs that no component of the configuration can meet, one fault a component. */
function unsatisfied(folder: Folder, house: House): Fault[] {
  const nodes = house.manager.services.tree();
  const offers = nodes.flatMap((node) => node.provides.map((each) => ({ ...each, by: node.name })));
  return nodes.flatMap((node) => {
    const reasons = node.needs.flatMap((need) => {
      const same = offers.filter((offer) => offer.contract === need.contract && offer.by !== node.name);
      if (need.optional || same.some((offer) => satisfies(offer.version, need.range))) return [];
      const others = same.map((offer) => `'${offer.by}' offers ${offer.version}`).join(', ');
      return [`${need.contract} ${need.range}, ${others === '' ? 'which nobody provides' : `but ${others}`}`];
    });
    if (reasons.length === 0) return [];
    const place = folder.locate.key(['components', node.name]);
    const message = `'${node.name}' needs ${reasons.join('; ')}`;
    const remedy = 'name a component that provides it under components:';
    return [{ ...place, code: 'COMPONENT_UNSATISFIED', message, remedy, severity: 'error' as const }];
  });
}

function isSchema(value: unknown): value is z.ZodType {
  return typeof value === 'object' && value !== null && '_zod' in value;
}
