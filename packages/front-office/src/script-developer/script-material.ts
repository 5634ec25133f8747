import type { CompiledScript, MethodShape, Setting } from '@caruso/dialog-script';
import { compileScripts } from '@caruso/dialog-script';
import type { Schema } from '@caruso/expressions';
import type { Output } from '../client/contracts.js';

/** What scripts are compiled against, as the server gives it. */
export interface Material {
  schema: { objects: NonNullable<Schema['objects']> };
  methods: MethodShape[];
  setting: Setting;
  scripts: { name: string; path: string; text: string }[];
}

export function materialOf(given: Output<'script-developer.material'>): Material {
  return {
    schema: { objects: given.objects as NonNullable<Schema['objects']> },
    methods: given.methods as MethodShape[],
    setting: given.setting,
    scripts: given.scripts,
  };
}

/** A text compiled in the place of a script, with all the others, by the compiler that the server has. */
export function compileInstead(file: string, text: string, { scripts, schema, methods }: Material): CompiledScript {
  const others = scripts.filter(({ name }) => name !== file);
  const [compiled] = compileScripts([{ path: file, text }, ...others], { schema, methods });
  if (compiled === undefined) throw new RangeError('a script compiles to one result');
  return compiled;
}
