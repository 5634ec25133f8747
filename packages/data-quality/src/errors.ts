import { CarusoError } from '@caruso/service-manager/contract';
import type { Duplicate } from './contract.js';

export function duplicateFound(object: string, duplicates: readonly Duplicate[]): CarusoError {
  const named = duplicates.flatMap(({ display, key }) => (key === null ? [] : [`'${display ?? ''}' (${key})`]));
  const what = named.length === 0 ? 'a record you may not see' : named.join(', ');
  return new CarusoError({
    code: 'DUPLICATE_FOUND',
    message: `this ${object} is there already: ${what}`,
    remedy: "use the record there is, or send 'anyway: true' to store this one as well",
    status: 409,
    details: { object, duplicates },
  });
}

export function mergeImpossible(object: string, keep: string, other: string, reason: string): CarusoError {
  return new CarusoError({
    code: 'MERGE_IMPOSSIBLE',
    message: `${object} '${keep}' and '${other}' cannot be merged: ${reason}`,
    remedy: 'compare them first; merge two different records of one object that you may change and delete',
    status: 409,
    details: { object, keep, other },
  });
}

export function mergeUnknown(id: string): CarusoError {
  return new CarusoError({
    code: 'MERGE_UNKNOWN',
    message: `there is no merge '${id.slice(0, 60)}' that could be undone`,
    remedy: 'list those there are with quality.merges',
    status: 404,
  });
}

export function unmergeImpossible(object: string, key: string, reason: string): CarusoError {
  return new CarusoError({
    code: 'UNMERGE_IMPOSSIBLE',
    message: `the merge into ${object} '${key}' cannot be undone: ${reason}`,
    remedy: 'enter the record that was merged anew; its values are in the history of the record that was kept',
    status: 409,
    details: { object, key },
  });
}

export function reviewUnknown(id: string): CarusoError {
  return new CarusoError({
    code: 'REVIEW_UNKNOWN',
    message: `there is no possible duplicate '${id.slice(0, 60)}' that waits for a decision`,
    remedy: 'list those there are with quality.reviews',
    status: 404,
  });
}

export function duplicatesUndeclared(object: string): CarusoError {
  return new CarusoError({
    code: 'DUPLICATES_UNDECLARED',
    message: `the model does not say when two ${object} are the same`,
    remedy: "add 'duplicates:' to its model file",
    status: 409,
  });
}
