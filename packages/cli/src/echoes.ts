import type { Fault, Folder, Source } from '@caruso/declarations';

/**
 * Leaves out faults that only repeat others: that an object does not exist, said by all who use it, where the fault lies in that
 * object's own file; and a configuration refused as a whole, where each of its faults is named at its place. Pure.
 */
export function withoutEchoes(faults: readonly Fault[], folder: Folder): Fault[] {
  const faulty = new Set(faults.filter((fault) => fault.severity === 'error').map((fault) => fault.file));
  const objects = folder.sources('model').flatMap((source) => {
    const stack = layersOf(source);
    return stack.some((each) => faulty.has(each.path)) ? stack.flatMap((each) => objectName(each) ?? []) : [];
  });
  const refusedObject = (fault: Fault) =>
    fault.code.endsWith('_UNKNOWN') && objects.some((name) => new RegExp(`\\bobject '${name}'`).test(fault.message));
  const exact = faults.some((fault) => fault.file.endsWith('caruso.yaml') && fault.code.startsWith('DECLARATION_'));
  return faults.filter((fault) => !refusedObject(fault) && !(exact && fault.code === 'COMPONENT_CONFIG_INVALID'));
}

function layersOf(source: Source): Source[] {
  return source.below === undefined ? [source] : [source, ...layersOf(source.below)];
}

function objectName(source: Source): string | undefined {
  return /^object:\s*["']?(\w+)/m.exec(source.text)?.[1];
}
