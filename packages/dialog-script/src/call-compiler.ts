import { didYouMean, type ValueType } from '@caruso/expressions';
import type { CompilerContext, Signature } from './compiler-context.js';
import type { CallStep } from './program.js';
import { elementsOf, type XmlElement } from './xml-tree.js';

/** The type of what a called script gives: its outcome, and its params that go out. */
export function callResult(context: CompilerContext, element: XmlElement): ValueType {
  const signature = context.scripts?.(element.attributes.get('script')?.value ?? '');
  if (signature === undefined) return 'any';
  const name = `result of ${element.attributes.get('id')?.value ?? 'call'}`;
  const outs = signature.params.filter(({ dir }) => dir !== 'in').map((param) => [param.name, param.type] as const);
  context.objects[name] = { outcome: 'text', ...Object.fromEntries(outs) };
  return { object: name };
}

export function compileCall(
  context: CompilerContext,
  element: XmlElement,
): Pick<CallStep, 'script' | 'arguments' | 'into'> {
  const script = element.attributes.get('script');
  const into = element.attributes.get('into')?.value;
  const signature = script === undefined ? undefined : context.scripts?.(script.value);
  if (script !== undefined && context.scripts !== undefined && signature === undefined) {
    const remedy = didYouMean(script.value, context.scriptNames, 'name a script of this folder');
    context.faults.add(script.valueOffset, 'SCRIPT_CALL_UNKNOWN', `there is no script '${script.value}'`, remedy);
  }
  return { script: script?.value ?? '', arguments: compileArguments(context, element, signature), into };
}

function compileArguments(
  context: CompilerContext,
  element: XmlElement,
  signature: Signature | undefined,
): CallStep['arguments'] {
  const inputs = signature?.params.filter(({ dir }) => dir !== 'out');
  return elementsOf(element, 'arg').flatMap((arg) => {
    const name = arg.attributes.get('name');
    if (name === undefined) return [];
    const param = inputs?.find((each) => each.name === name.value);
    if (inputs !== undefined && param === undefined) {
      const known = inputs.map((each) => each.name);
      const remedy = didYouMean(
        name.value,
        known,
        known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`,
      );
      const message = `the script '${element.attributes.get('script')?.value}' takes no '${name.value}'`;
      context.faults.add(name.valueOffset, 'SCRIPT_ARGUMENT_UNKNOWN', message, remedy);
      return [];
    }
    const expression = context.expression(arg.attributes.get('expr'), param?.type);
    return expression === undefined ? [] : [{ name: name.value, expression }];
  });
}
