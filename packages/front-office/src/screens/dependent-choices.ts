import type { AttributeDescription } from '@caruso/business-objects/contract';

/** An attribute with the values it may have beside the value it depends on; all where that is not known here. */
export function choicesFor(attribute: AttributeDescription, beside: unknown): AttributeDescription {
  const { dependsOn } = attribute;
  if (dependsOn === undefined || beside === undefined) return attribute;
  return { ...attribute, values: dependsOn.values[String(beside)] ?? [] };
}

/** Whether a value may stay where the value it depends on becomes another one. */
export function fits({ dependsOn }: AttributeDescription, value: unknown, beside: unknown): boolean {
  if (dependsOn === undefined || value === null || value === undefined || value === '') return true;
  return dependsOn.values[String(beside)]?.includes(String(value)) === true;
}
