/** A name of the model that the input of a method gives. */
export interface CallName {
  /** Where it stands within the input: as a key, or as a value. */
  path: string[];
  isKey: boolean;
  object: string;
  /** Of that object; both are undefined where it names the object itself. */
  attribute?: string;
  relation?: string;
}

/**
 * What a call of a method of `objects` names of the model, as far as it is written out: the object, a relation, and the
 * attributes that get values.
 * Checks of screens, policies and seeds look these names up. Pure.
 *
 * @example
 * namesInCall('objects.update', { object: 'Case', key: '1', values: { status: 'closed' } });
 */
export function namesInCall(method: string, input: Readonly<Record<string, unknown>>): CallName[] {
  const { object, values, relation } = input;
  if (!method.startsWith('objects.') || typeof object !== 'string' || object.startsWith('= ')) return [];
  if (typeof relation === 'string') {
    const related = relation.startsWith('= ') ? [] : [{ path: ['relation'], isKey: false, object, relation }];
    // Values of links are not the object's own.
    return [{ path: ['object'], isKey: false, object }, ...related];
  }
  const given = typeof values === 'object' && values !== null && !Array.isArray(values) ? Object.keys(values) : [];
  return [
    { path: ['object'], isKey: false, object },
    ...given.map((attribute) => ({ path: ['values', attribute], isKey: true, object, attribute })),
  ];
}
