import { isDeepStrictEqual } from 'node:util';
import { type Folder, formatFault } from '@caruso/declarations';
import { componentFaults } from './component-faults.js';
import { messageOf } from './errors.js';
import { configOf, type House, placementOf } from './house.js';
import { replaceComponent } from './replace-component.js';
import { callsOf } from './service-lines.js';

/** The components whose entries differ between two readings of caruso.yaml. Pure. */
export function changedEntries(before: Folder, after: Folder): string[] {
  const names = new Set([...Object.keys(before.manifest.components), ...Object.keys(after.manifest.components)]);
  return [...names].filter((name) => {
    const [was, is] = [before.manifest.components[name], after.manifest.components[name]];
    if ((was?.enabled ?? false) !== (is?.enabled ?? false)) return true;
    return is?.enabled === true && !isDeepStrictEqual(was, is);
  });
}

/**
 * Brings what runs to what caruso.yaml says now: a component whose configuration changed gets it, in place where it can; one that comes
 * from elsewhere now is replaced, a new one installed, one that is not named any more stopped. Never throws.
 */
export async function followManifest(
  house: House,
  before: Folder,
  cwd: string,
  told: (line: string) => void,
): Promise<void> {
  for (const name of changedEntries(before, house.folder())) {
    const was = before.manifest.components[name];
    const is = house.folder().manifest.components[name];
    const present = house.loaded.get(name);
    if (is?.enabled !== true) await stop(house, name, told);
    else if (present === undefined || was?.enabled !== true || was.use !== is.use || was.from !== is.from)
      await replaceComponent(house, name, cwd, told, { unlessSame: false });
    else await configure(house, name, told);
  }
}

async function configure(house: House, name: string, told: (line: string) => void): Promise<void> {
  const present = house.loaded.get(name);
  if (present === undefined) return;
  const { version } = present.component;
  try {
    house.manager.place(name, placementOf(house.folder(), name, present));
    const config = configOf(house.folder(), name, present, house.settings);
    const report = await house.manager.configure(name, config);
    await house.record({ act: 'configured', name, from: version, to: version, source: present.source });
    told(`configured ${name}: generation ${report.generation} is ${report.state}, ${callsOf(report)}`);
  } catch (error) {
    await house.record({ act: 'configured', name, from: version, source: present.source, refused: messageOf(error) });
    for (const fault of componentFaults(house.folder(), name, error)) told(formatFault(fault));
    told(`${name} was not configured; what served before serves on`);
  }
}

async function stop(house: House, name: string, told: (line: string) => void): Promise<void> {
  const present = house.loaded.get(name);
  if (present === undefined) return;
  await house.manager.uninstall(name);
  await house.record({ act: 'removed', name, from: present.component.version });
  told(`stopped ${name}, which the configuration no longer names`);
}
