import { namesInCall, relationTypes } from '@caruso/business-objects/contract';
import { checkValue, type Fault, type Locate, type Path, type Position } from '@caruso/declarations';
import type { CheckContext } from '@caruso/declarations/contract';
import { compileTemplate, didYouMean } from '@caruso/expressions';
import { readSeed, type SeedStep } from './seed-file.js';

/** Any moment will do: only the types of what comes out are looked at. */
const SOME_DAY = new Date(Date.UTC(2026, 0, 15, 12));

/** Seed files against the methods they call and the model. */
export function checkSeeds(context: CheckContext): Fault[] {
  return context.folder.sources('seed').flatMap((source) => {
    const { steps, faults } = readSeed(source);
    return [...faults, ...steps.flatMap((step) => checkStep(step, context))];
  });
}

function checkStep(step: SeedStep, context: CheckContext): Fault[] {
  const faults = step.object === undefined ? [] : checkObject(step, step.object, context);
  const compiled = compileTemplate(step.with, { variables: {} });
  if (!compiled.ok) {
    return [
      ...faults,
      ...compiled.faults.map((fault) => {
        const { code, message, remedy } = fault;
        return { ...step.locateText(fault.path, fault.offset), code, message, remedy, severity: 'error' as const };
      }),
    ];
  }
  if (step.object !== undefined) return faults;
  return [...faults, ...checkCall(step, compiled.template.evaluate({}, { now: SOME_DAY, timezone: 'UTC' }), context)];
}

function checkCall(step: SeedStep, input: unknown, context: CheckContext): Fault[] {
  const { methods } = context;
  const names = methods.map((each) => `${each.contract}.${each.method}`);
  const method = methods.find((each) => `${each.contract}.${each.method}` === step.method);
  if (method !== undefined)
    return [...checkValue(input, method.input, locateOf(step), []).faults, ...checkNames(step, context)];
  const message = `no component of this front office has a method '${step.method}'`;
  return [
    fault(step.at, 'METHOD_UNKNOWN', message, didYouMean(step.method, names, 'name a component that provides it')),
  ];
}

/** Names of the model in a call of `objects`. */
function checkNames(step: SeedStep, { schema, model }: CheckContext): Fault[] {
  if (schema?.objects === undefined) return [];
  const objects = schema.objects;
  const related = relationTypes(model);
  return namesInCall(step.method, step.with).flatMap(({ path, isKey, object, attribute, relation }) => {
    const attributes = objects[object];
    const place = isKey ? step.locateKey(path) : step.locate(path);
    if (relation !== undefined) {
      const relations = related[object];
      if (relations === undefined || Object.hasOwn(relations, relation)) return [];
      const remedy = didYouMean(relation, Object.keys(relations), `declare it in the model file of ${object}`);
      return [fault(place, 'RELATION_UNKNOWN', `unknown relation '${relation}' of ${object}`, remedy)];
    }
    if (attribute === undefined && attributes === undefined) {
      const remedy = didYouMean(object, Object.keys(objects), 'declare it in model/');
      return [fault(place, 'OBJECT_UNKNOWN', `the model has no object '${object}'`, remedy)];
    }
    if (attribute === undefined || attributes === undefined || Object.hasOwn(attributes, attribute)) return [];
    const remedy = didYouMean(attribute, Object.keys(attributes), `declare it in the model file of ${object}`);
    return [fault(place, 'ATTRIBUTE_UNKNOWN', `unknown attribute '${attribute}' of ${object}`, remedy)];
  });
}

function checkObject(step: SeedStep, object: string, { schema }: CheckContext): Fault[] {
  if (schema?.objects === undefined) return [];
  const attributes = schema.objects[object];
  if (attributes === undefined) {
    const remedy = didYouMean(object, Object.keys(schema.objects), 'declare it in model/');
    return [fault(step.objectAt ?? step.at, 'OBJECT_UNKNOWN', `the model has no object '${object}'`, remedy)];
  }
  return Object.keys(step.with).flatMap((name) => {
    if (Object.hasOwn(attributes, name)) return [];
    const remedy = didYouMean(name, Object.keys(attributes), `declare it in the model file of ${object}`);
    return [fault(locateOf(step).key([name]), 'ATTRIBUTE_UNKNOWN', `unknown attribute '${name}' of ${object}`, remedy)];
  });
}

function fault(place: Position, code: string, message: string, remedy: string): Fault {
  return { ...place, code, message, remedy, severity: 'error' };
}

function locateOf(step: SeedStep): Locate {
  const locate = (path: Path) => step.locate(path);
  return Object.assign(locate, { key: (path: Path) => step.locateKey(path), within: step.locateText });
}
