import { checkValue, type Fault, type Folder } from '@caruso/declarations';
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
  for (const node of house.manager.services.tree()) {
    for (const need of node.needs) {
      if (need.optional || need.provider !== null) continue;
      faults.push({
        ...folder.locate.key(['components', node.name]),
        code: 'COMPONENT_UNSATISFIED',
        message: `'${node.name}' needs ${need.contract} ${need.range}, which nobody provides`,
        remedy: 'name a component that provides it under components:',
        severity: 'error',
      });
    }
  }
  return faults;
}

function isSchema(value: unknown): value is z.ZodType {
  return typeof value === 'object' && value !== null && '_zod' in value;
}
