/** A name of the model that the input of a method gives. */
export interface CallName {
  /** Where it stands within the input: as a key, or as a value. */
  path: string[];
  isKey: boolean;
  object: string;
  /** Of that object; undefined where it names the object itself. */
  attribute?: string;
}

/**
 * What a call of a method of `objects` names of the model, as far as it is written out: the object, and the attributes that get values.
 * Checks of screens, policies and seeds look these names up. Pure.
 *
 * @example
 * namesInCall('objects.update', { object: 'Case', key: '1', values: { status: 'closed' } });
 */
export function namesInCall(method: string, input: Readonly<Record<string, unknown>>): CallName[] {
  const { object, values } = input;
  if (!method.startsWith('objects.') || typeof object !== 'string' || object.startsWith('= ')) return [];
  const given = typeof values === 'object' && values !== null && !Array.isArray(values) ? Object.keys(values) : [];
  return [
    { path: ['object'], isKey: false, object },
    ...given.map((attribute) => ({ path: ['values', attribute], isKey: true, object, attribute })),
  ];
}
