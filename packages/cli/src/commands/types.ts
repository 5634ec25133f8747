import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { hasErrors } from '@caruso/declarations';
import { withoutEchoes } from '../echoes.js';
import { noTypes } from '../errors.js';
import { ExitCode } from '../exit-code.js';
import { loadAll } from '../load-all.js';
import { compiledModel } from '../model.js';
import { openFrontOffice } from '../places.js';
import { replaceFile } from '../replace-file.js';
import { countFaults, printFaults } from '../report.js';
import type { Invocation } from './command.js';

export interface TypesOptions {
  out: string;
  check?: boolean;
  all?: boolean;
}

/** `caruso types`: TypeScript types and zod schemas of the model, for services/*.ts. */
export async function types({ io, json }: Invocation, path: string, options: TypesOptions): Promise<number> {
  const { folder, faults: opened } = openFrontOffice(io, path);
  const { loaded } = await loadAll(folder, io.cwd);
  const compiled = compiledModel(folder, loaded);
  if (compiled?.types === undefined) throw noTypes(folder.root);
  const absent = opened.filter(({ code }) => code === 'MANIFEST_MISSING');
  const faults = withoutEchoes([...absent, ...compiled.faults], folder);
  if (hasErrors(faults)) {
    if (json) io.out(JSON.stringify({ faults }));
    else {
      printFaults(io, faults);
      io.out(`${countFaults(faults)}; nothing was written`);
    }
    return ExitCode.faults;
  }
  const file = join(folder.root, options.out);
  const text = compiled.types(compiled.model, options.all ?? false);
  const same = existsSync(file) && readFileSync(file, 'utf8') === text;
  const shown = relative(io.cwd, file);
  if (!same && options.check !== true) replaceFile(file, text);
  if (json) io.out(JSON.stringify({ file, same }));
  else if (options.check === true)
    io.out(same ? `${shown} says what the model says` : `${shown} is not what the model says`);
  else io.out(same ? `${shown} says what the model says` : `wrote ${shown}`);
  return options.check === true && !same ? ExitCode.faults : ExitCode.well;
}
