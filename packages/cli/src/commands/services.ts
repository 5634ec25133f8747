import { createLog } from '@caruso/service-manager';
import { askRunning } from '../control.js';
import { ExitCode } from '../exit-code.js';
import { inspect } from '../front-office.js';
import { openFrontOffice } from '../places.js';
import { printFaults } from '../report.js';
import type { Invocation } from './command.js';

/** `caruso services`: the tree of the front office that runs in the folder; where none runs, the tree as configured. */
export async function services({ io, json }: Invocation, path: string): Promise<number> {
  const { folder } = openFrontOffice(io, path);
  const running = await askRunning(folder);
  if (running !== undefined) {
    const { run, tree } = running;
    if (json)
      io.out(
        JSON.stringify({
          running: true,
          url: run.url,
          pid: run.pid,
          startedAt: run.startedAt,
          services: tree.services,
        }),
      );
    else {
      io.out(`running: ${run.url} (process ${run.pid}, since ${run.startedAt})`);
      io.out('');
      io.out(tree.text);
    }
    return ExitCode.well;
  }
  const { house, faults } = await inspect(io, path, {}, createLog({ level: 'silent' }));
  const missing = faults.some((fault) => fault.code === 'MANIFEST_MISSING');
  if (json) io.out(JSON.stringify({ running: false, services: missing ? [] : house.manager.services.tree(), faults }));
  else if (missing) printFaults(io, faults);
  else {
    io.out('not running; the components as configured:');
    io.out('');
    io.out(house.manager.printTree());
  }
  return missing ? ExitCode.faults : ExitCode.well;
}
