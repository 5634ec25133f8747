import { namesInCall } from '@caruso/business-objects/contract';
import { type Fault, type Locate, type Path, type Position, readYaml, type Source } from '@caruso/declarations';
import {
  compile,
  compileTemplate,
  didYouMean,
  nearest,
  type Schema,
  type Template,
  type ValueType,
} from '@caruso/expressions';
import type { MethodDescription } from '@caruso/service-manager/contract';
import { Cron } from 'croner';
import { type Consequence, type Policy, variableOf } from './policy.js';
import { type ConsequenceFile, type PolicyFile, PolicyFileSchema } from './policy-file.js';

/** What policies are checked against. */
export interface PolicyContext {
  /** Expression types of the model's objects. */
  objects: Record<string, Record<string, ValueType>>;
  /** And of its relations; needed where methods are known. */
  relations?: Record<string, Record<string, ValueType>>;
  /** Methods that can be called; undefined where they are not known yet. */
  methods: readonly MethodDescription[] | undefined;
}

export interface CompiledPolicies {
  policies: Policy[];
  faults: Fault[];
}

/** Attributes of `event` in expressions. */
const eventType: Record<string, ValueType> = { type: 'text', at: 'datetime', actor: 'text' };
const objectVerbs = ['created', 'updated', 'deleted', 'restored', 'linked', 'unlinked'];

/** Compiles policies/*.yaml; every fault with file, line and column. A policy with a fault is left out. */
export function compilePolicies(sources: readonly Source[], context: PolicyContext): CompiledPolicies {
  const policies: Policy[] = [];
  const faults: Fault[] = [];
  const files = new Map<string, string>();
  for (const source of sources) {
    const read = readYaml(source, PolicyFileSchema);
    faults.push(...read.faults);
    if (read.draft === undefined) continue;
    const other = files.get(read.draft.policy);
    if (other !== undefined) {
      const message = `policy '${read.draft.policy}' is declared in ${other} already`;
      faults.push(fault(read.locate, ['policy'], 'POLICY_TWICE', message, 'give it another name'));
      continue;
    }
    files.set(read.draft.policy, source.path);
    const compiled = compilePolicy(read.draft, source.path, read.locate, context);
    faults.push(...compiled.faults);
    if (compiled.policy !== undefined && read.value !== undefined) policies.push(compiled.policy);
  }
  return { policies, faults };
}

function compilePolicy(
  file: PolicyFile,
  path: string,
  locate: Locate,
  context: PolicyContext,
): { policy?: Policy; faults: Fault[] } {
  const faults: Fault[] = [];
  const on = file.on === undefined ? [] : [file.on].flat();
  const objects = new Set<string>();
  on.forEach((type, index) => {
    const [object = '', verb] = type.split('.');
    const at: Path = Array.isArray(file.on) ? ['on', index] : ['on'];
    if (context.objects[object] === undefined) {
      faults.push(
        unknown(locate(at), 'POLICY_EVENT_UNKNOWN', `the object '${object}'`, object, Object.keys(context.objects)),
      );
    } else if (verb === undefined || !/^[a-z][A-Za-z]*$/.test(verb)) {
      const remedy = `write ${object}.${nearest(verb ?? '', objectVerbs) ?? 'created'}`;
      faults.push(fault(locate, at, 'POLICY_EVENT_UNKNOWN', `'${type}' is not an event`, remedy));
    } else objects.add(object);
  });
  if (objects.size > 1) {
    const message = `the events are about different objects: ${[...objects].join(', ')}`;
    faults.push(fault(locate, ['on'], 'POLICY_SUBJECTS', message, 'write a policy for each'));
  }
  if (file.every !== undefined) faults.push(...scheduleFaults(file.every, locate));
  if (faults.length > 0) return { faults };

  const [object] = objects;
  const subject = object === undefined ? undefined : { object, variable: variableOf(object) };
  const schema: Schema = {
    variables: {
      ...(subject === undefined
        ? {}
        : { [subject.variable]: { object: subject.object }, before: { object: subject.object } }),
      event: { object: 'Event' },
    },
    objects: { ...context.objects, Event: eventType },
  };
  const condition = file.if === undefined ? undefined : compile(file.if, schema, { expects: 'boolean' });
  if (condition?.ok === false) {
    faults.push(...condition.faults.map((each) => ({ ...locate.within(['if'], each.offset), ...reason(each) })));
  }
  const consequences = file.do.flatMap((each, index) => {
    const compiled = compileConsequence(each, ['do', index], subject, schema, locate, context);
    faults.push(...compiled.faults);
    return compiled.consequence === undefined ? [] : [compiled.consequence];
  });
  if (faults.length > 0) return { faults };
  const expression = condition?.ok === true ? condition.expression : undefined;
  const dependencies = [
    ...(expression?.dependencies ?? []),
    ...consequences.flatMap(({ input }) => input.dependencies),
  ];
  return {
    faults,
    policy: {
      name: file.policy,
      file: path,
      on,
      subject,
      every: file.every,
      condition: expression,
      consequences,
      dependencies: [...new Set(dependencies)],
    },
  };
}

function compileConsequence(
  file: ConsequenceFile,
  path: Path,
  subject: Policy['subject'],
  schema: Schema,
  locate: Locate,
  context: PolicyContext,
): { consequence?: Consequence; faults: Fault[] } {
  const faults: Fault[] = [];
  const template = (value: unknown, at: Path): Template | undefined => {
    const compiled = compileTemplate(value, schema);
    if (compiled.ok) return compiled.template;
    faults.push(
      ...compiled.faults.map((each) => ({ ...locate.within([...at, ...each.path], each.offset), ...reason(each) })),
    );
    return undefined;
  };
  const built = (kind: Consequence['kind'], summary: string, method: string, input: Template | undefined) =>
    input === undefined ? { faults } : { consequence: { kind, summary, method, input }, faults };

  if (file.call !== undefined) {
    faults.push(...callFaults(file.call, file.with ?? {}, path, locate, context));
    return built('call', `call ${file.call}`, file.call, template(file.with ?? {}, [...path, 'with']));
  }
  if (subject === undefined) {
    faults.push(
      fault(locate, path, 'POLICY_NO_SUBJECT', 'a scheduled policy has no object to set or remind of', 'use call:'),
    );
    return { faults };
  }
  if (file.set !== undefined) {
    const attributes = context.objects[subject.object] ?? {};
    for (const name of Object.keys(file.set).filter((each) => attributes[each] === undefined)) {
      const what = `an attribute '${name}' of ${subject.object}`;
      faults.push(
        unknown(locate.key([...path, 'set', name]), 'POLICY_ATTRIBUTE_UNKNOWN', what, name, Object.keys(attributes)),
      );
    }
    return built(
      'set',
      `set ${Object.keys(file.set).join(', ')}`,
      'objects.update',
      template(file.set, [...path, 'set']),
    );
  }
  const reminder = template({ remind: file.remind, to: file.to, at: file.at }, path);
  return built('remind', `remind ${file.to ?? ''}`, 'reminders.create', reminder);
}

function callFaults(
  method: string,
  input: Record<string, unknown>,
  path: Path,
  locate: Locate,
  context: PolicyContext,
): Fault[] {
  if (context.methods === undefined) return [];
  const names = context.methods.map((each) => `${each.contract}.${each.method}`);
  const found = context.methods.find((each) => `${each.contract}.${each.method}` === method);
  if (found === undefined)
    return [unknown(locate([...path, 'call']), 'POLICY_METHOD_UNKNOWN', `the method '${method}'`, method, names)];
  const shape = 'shape' in found.input ? (found.input.shape as Record<string, unknown>) : undefined;
  if (shape === undefined) return [];
  const named = namesInCall(method, input).flatMap(({ path: at, isKey, object, attribute, relation }) => {
    const attributes = context.objects[object];
    const place = (isKey ? locate.key : locate)([...path, 'with', ...at]);
    if (relation !== undefined) {
      const relations = context.relations?.[object];
      if (relations === undefined || Object.hasOwn(relations, relation)) return [];
      const what = `a relation '${relation}' of ${object}`;
      return [unknown(place, 'POLICY_RELATION_UNKNOWN', what, relation, Object.keys(relations))];
    }
    if (attribute === undefined && attributes === undefined)
      return [unknown(place, 'POLICY_OBJECT_UNKNOWN', `the object '${object}'`, object, Object.keys(context.objects))];
    if (attribute === undefined || attributes === undefined || attributes[attribute] !== undefined) return [];
    const what = `an attribute '${attribute}' of ${object}`;
    return [unknown(place, 'POLICY_ATTRIBUTE_UNKNOWN', what, attribute, Object.keys(attributes))];
  });
  const inputs = Object.keys(input)
    .filter((name) => !Object.hasOwn(shape, name))
    .map((name) => {
      const what = `an input '${name}' of ${method}`;
      return unknown(locate.key([...path, 'with', name]), 'POLICY_INPUT_UNKNOWN', what, name, Object.keys(shape));
    });
  return [...inputs, ...named];
}

function scheduleFaults(pattern: string, locate: Locate): Fault[] {
  try {
    new Cron(pattern, { paused: true });
    return [];
  } catch {
    const remedy = 'write a cron pattern such as "0 7 * * 1-5" (minute, hour, day, month, weekday)';
    return [fault(locate, ['every'], 'POLICY_SCHEDULE_INVALID', `'${pattern}' is not a schedule`, remedy)];
  }
}

function reason(each: { code: string; message: string; remedy: string }) {
  return { code: each.code, message: each.message, remedy: each.remedy, severity: 'error' as const };
}

function fault(locate: Locate, path: Path, code: string, message: string, remedy: string): Fault {
  return { ...locate(path), code, message, remedy, severity: 'error' };
}

function unknown(position: Position, code: string, what: string, name: string, known: readonly string[]): Fault {
  const remedy = didYouMean(name, known, `known are ${known.slice(0, 12).join(', ')}`);
  return { ...position, code, message: `${what} does not exist`, remedy, severity: 'error' };
}
