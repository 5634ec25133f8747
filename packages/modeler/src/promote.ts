import type { Difference } from './difference.js';
import type { Operation } from './operation.js';
import { mapping } from './written-model.js';

/** The edits that take differences over: what is renamed is renamed, what is added is added, and what went goes with its data kept. Pure. */
export function promotion(differences: readonly Difference[]): Operation[] {
  // An object is there before anything leads to it, and goes when nothing does.
  const rank = ({ path, kind }: Difference) => (path.length > 0 ? 1 : kind === 'removed' ? 2 : 0);
  return [...differences].sort((left, right) => rank(left) - rank(right)).flatMap(operationsOf);
}

function operationsOf(difference: Difference): Operation[] {
  const { object, path, kind, was, after } = difference;
  const [top = '', name = ''] = path;
  const value = after ?? null;
  if (path.length === 0) {
    if (kind === 'removed') return [{ do: 'remove object', object }];
    if (kind === 'renamed') return [{ do: 'rename object', object: was ?? object, to: object }];
    return [{ do: 'add object', name: object, declaration: mapping(after) as never }];
  }
  if (top === 'attributes' || top === 'relations') {
    if (kind === 'removed') return [{ do: 'remove', object, in: top, name, data: 'keep' }];
    if (kind === 'renamed')
      return [
        { do: 'rename', object, in: top, name: was ?? name, to: name },
        ...unlessWas(after).map(
          ([key, each]): Operation => ({
            do: 'set',
            object,
            path: [top, name, key],
            value: each as never,
          }),
        ),
      ];
    return [{ do: 'set', object, path, value }];
  }
  return [{ do: 'set', object, path, value: kind === 'removed' ? null : value }];
}

function unlessWas(body: unknown): [string, unknown][] {
  return Object.entries(mapping(body)).filter(([key]) => key !== 'was');
}
