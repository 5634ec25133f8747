import { relative } from 'node:path';
import { type ComponentEntry, type Folder, formatFault } from '@caruso/declarations';
import type { ChangeReport } from '@caruso/service-manager/contract';
import { componentFaults } from './component-faults.js';
import { messageOf } from './errors.js';
import { configOf, type House, placementOf } from './house.js';
import { load } from './load-component.js';
import { callsOf } from './service-lines.js';

/** Loads the component anew and puts it in the place of the one that serves. Never throws. */
export async function replaceComponent(
  house: House,
  name: string,
  cwd: string,
  told: (line: string) => void,
  options: { unlessSame: boolean },
): Promise<void> {
  const folder = house.folder();
  const entry = folder.manifest.components[name];
  if (entry === undefined || house.elsewhere(name)) return;
  const present = house.loaded.get(name);
  const from = present?.component.version;
  const act = present === undefined ? 'added' : 'replaced';
  try {
    const next = await load(name, entry, folder, cwd);
    if (options.unlessSame && next.file !== undefined && present?.file?.hash === next.file.hash) return;
    const config = configOf(folder, name, next, house.settings);
    const { source } = next;
    let line = `installed ${name} from ${shownUse(folder, entry)}`;
    if (present === undefined) house.manager.install(name, next.component, config, placementOf(folder, name, next));
    else line = replacedLine(await house.manager.replace(name, next.component, config, { source }));
    await house.record({ act, name, from, to: next.component.version, source });
    house.loaded.set(name, next);
    told(line);
  } catch (error) {
    await house.record({ act, name, from, source: entry.use, refused: messageOf(error) });
    for (const fault of componentFaults(folder, name, error)) told(formatFault(fault));
    told(`${name} was not replaced; ${house.loaded.has(name) ? 'what served before serves on' : 'it is not there'}`);
  }
}

function shownUse(folder: Folder, { use, from }: ComponentEntry): string {
  const layer = relative(folder.root, from);
  return layer === '' ? use : `${use} of ${layer}`;
}

function replacedLine(report: ChangeReport): string {
  const { name, from, to, generation, state } = report;
  return `replaced ${name}: ${from} -> ${to}, generation ${generation} is ${state}, ${callsOf(report)}`;
}
