import { type Program, type QuestionType, readAnswer } from '@caruso/dialog-script';
import { typeName } from '@caruso/expressions';
import { paramInvalid } from './errors.js';

const readableAs: Readonly<Record<string, QuestionType>> = {
  text: 'text',
  integer: 'integer',
  decimal: 'decimal',
  money: 'money',
  boolean: 'boolean',
  date: 'date',
};

/** Reads the values for a script's parameters; throws SCRIPT_PARAM_INVALID. What is not given is left out. */
export function readParams(
  program: Program,
  given: Readonly<Record<string, unknown>>,
  currency: string,
): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const [name, raw] of Object.entries(given)) {
    const param = program.params.find((declared) => declared.name === name);
    if (param === undefined) {
      const known = program.params.map((declared) => declared.name).join(', ');
      throw paramInvalid(program.id, `there is no '${name}'`, known === '' ? 'it takes none' : `it takes ${known}`);
    }
    const value = readParam(param.type, raw, currency);
    if (value === undefined) {
      throw paramInvalid(
        program.id,
        `'${name}' should be ${typeName(param.type)}`,
        'give a value of that type or null',
      );
    }
    if (value !== null) params[name] = value;
  }
  return params;
}

function readParam(type: Program['params'][number]['type'], raw: unknown, currency: string): unknown {
  if (typeof type !== 'string') return undefined;
  if (raw === null || raw === undefined) return null;
  if (type === 'number') return typeof raw === 'number' && Number.isFinite(raw) ? raw : undefined;
  if (type === 'datetime') {
    const time = typeof raw === 'string' ? Date.parse(raw) : Number.NaN;
    return Number.isNaN(time) ? undefined : new Date(time).toISOString();
  }
  const as = readableAs[type];
  if (as === undefined) return undefined;
  const read = readAnswer({ type: as }, raw, [], currency);
  return read.kind === 'wrong' ? undefined : read.kind === 'empty' ? null : read.value;
}
