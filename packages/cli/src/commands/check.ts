import { hasErrors } from '@caruso/declarations';
import { createLog } from '@caruso/service-manager';
import { ExitCode } from '../exit-code.js';
import { inspect } from '../front-office.js';
import { progress } from '../io.js';
import { countFaults, fileCount, plural, printFaults } from '../report.js';
import type { Invocation } from './command.js';

/** `caruso check`: everything wrong with the declarations, at once. */
export async function check({ io, json }: Invocation, path: string): Promise<number> {
  const log = createLog({ level: 'silent' });
  const work = () => inspect(io, path, {}, log);
  const { folder, faults } = json ? await work() : await progress(io, `Checking ${path}`, work);
  const files = fileCount(folder);
  if (json) io.out(JSON.stringify({ ok: !hasErrors(faults), files, faults }));
  else {
    printFaults(io, faults);
    io.out(`${countFaults(faults)} in ${plural(files, 'file')} of ${plural(folder.layers.length, 'layer')}`);
  }
  return hasErrors(faults) ? ExitCode.faults : ExitCode.well;
}
