import type { Field } from '@caruso/application-builder/contract';
import type { ObjectDescription, RelationDescription } from '@caruso/business-objects/contract';

/** The attributes of an object that a form may ask for, the required ones first. */
export function formFields(description: ObjectDescription | undefined): Field[] {
  const asked = (description?.attributes ?? []).filter(
    ({ readOnly, formula, type }) => !readOnly && formula === undefined && type !== 'binary',
  );
  const fields = asked.map((attribute): Field => ({ path: attribute.name, label: attribute.label, attribute }));
  return fields.sort((a, b) => Number(b.attribute.required) - Number(a.attribute.required));
}

/**
 * Attributes of a related object that lead back to this one, filled with its key.
 *
 * @param parent the object whose related list is shown
 * @param label of the list, which decides where two relations lead to the same object
 */
export function valuesFromParent(
  parent: ObjectDescription | undefined,
  object: string,
  label: string,
  key: string,
): Record<string, unknown> {
  const relations = (parent?.relations ?? []).filter(
    (relation: RelationDescription) =>
      relation.kind === 'many' && relation.to === object && relation.links === undefined,
  );
  const relation = relations.find((one) => one.label === label) ?? relations[0];
  const attribute = relation?.by[0];
  // Several attributes hold the parts of a composite key, each of which is the form's to ask.
  return attribute === undefined || relation?.by.length !== 1 ? {} : { [attribute]: key };
}
