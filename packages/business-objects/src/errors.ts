import { nearest } from '@caruso/declarations';
import { CarusoError } from '@caruso/service-manager/contract';
import type { BulkFault } from './contract.js';

/** One attribute that does not hold. */
export interface Violation {
  attribute: string;
  message: string;
}

/** What is wrong in an expression, at a place of its source. */
interface PlacedFault {
  message: string;
  remedy: string;
  line: number;
  column: number;
}

/** "did you mean 'segment'?" or a list of what there is. */
function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean '${near}'?`;
  const some = known.slice(0, 12).join(', ');
  return known.length === 0 ? 'there is none' : `known here: ${some}${known.length > 12 ? ', ...' : ''}`;
}

export function objectUnknown(name: string, known: readonly string[]): CarusoError {
  return new CarusoError({
    code: 'OBJECT_UNKNOWN',
    message: `the model has no object '${name}'`,
    remedy: suggestion(name, known),
    status: 404,
  });
}

export function objectRefused(name: string, reason: string): CarusoError {
  return new CarusoError({
    code: 'OBJECT_REFUSED',
    message: `${name} is out of service, since its model file has a fault: ${reason}`,
    remedy: 'correct the model file; `caruso check` lists every fault',
    status: 503,
  });
}

export function attributeUnknown(object: string, name: string, known: readonly string[], use: string): CarusoError {
  return new CarusoError({
    code: 'ATTRIBUTE_UNKNOWN',
    message: `${object} has no attribute '${name}' to ${use}`,
    remedy: suggestion(name, known),
    status: 400,
    details: { object, attribute: name },
  });
}

export function attributeUnsuitable(object: string, name: string, use: string, reason: string): CarusoError {
  return new CarusoError({
    code: 'ATTRIBUTE_UNSUITABLE',
    message: `${object}.${name} cannot ${use}: ${reason}`,
    remedy: 'use an attribute that is stored, or one whose formula the database can compute',
    status: 400,
    details: { object, attribute: name },
  });
}

export function relationUnknown(object: string, name: string, known: readonly string[]): CarusoError {
  return new CarusoError({
    code: 'RELATION_UNKNOWN',
    message: `${object} has no relation '${name}'`,
    remedy: suggestion(name, known),
    status: 400,
    details: { object, relation: name },
  });
}

/** @param relation undefined where it is a reference */
export function linkImpossible(
  object: string,
  name: string,
  relation: { to: string; by: readonly string[] } | undefined,
): CarusoError {
  const holder = relation === undefined ? `${object}.${name}` : `${relation.to}.${relation.by.join(', ')}`;
  return new CarusoError({
    code: 'LINK_IMPOSSIBLE',
    message: `${object}.${name} is no many-to-many relation`,
    remedy: `change the reference ${holder} instead`,
    status: 400,
    details: { object, relation: name },
  });
}

export function linksTooMany(object: string, relation: string, key: string, most: number): CarusoError {
  return new CarusoError({
    code: 'LINKS_TOO_MANY',
    message: `${object} '${key}' is linked to more than ${most} records by '${relation}', whose links are in another database`,
    remedy: 'list the other object by itself, or keep the links in its database',
    status: 400,
    details: { object, relation, key, most },
  });
}

export function recordMissing(object: string, key: string): CarusoError {
  return new CarusoError({
    code: 'RECORD_NOT_FOUND',
    message: `there is no ${object} '${key}', or you may not see it`,
    remedy: 'check the key; list the records to see which there are',
    status: 404,
    details: { object, key },
  });
}

export function accessDenied(who: string, what: string): CarusoError {
  return new CarusoError({
    code: 'ACCESS_DENIED',
    message: `${who} may not ${what}`,
    remedy: "ask an administrator for a role that may, or extend 'rights:' in the model file",
    status: 403,
  });
}

export function readOnlyObject(object: string, reason: string): CarusoError {
  return new CarusoError({
    code: 'OBJECT_READ_ONLY',
    message: `${object} cannot be changed: ${reason}`,
    remedy: 'change the data where it comes from',
    status: 409,
    details: { object },
  });
}

export function validationFailed(object: string, violations: readonly Violation[]): CarusoError {
  const list = violations.map(({ attribute, message }) => `${attribute} ${message}`).join('; ');
  return new CarusoError({
    code: 'VALIDATION_FAILED',
    message: `${object} is refused: ${list}`,
    remedy: 'correct the attributes named in the details',
    status: 422,
    details: violations,
  });
}

export function alreadyTaken(object: string, attributes: readonly string[], cause?: unknown): CarusoError {
  return new CarusoError({
    code: 'CONSTRAINT_VIOLATED',
    message: `another ${object} has the same ${attributes.join(', ')}`,
    remedy: 'choose another value, or change the record that has it',
    status: 409,
    details: attributes.map((attribute) => ({ attribute, message: 'is taken already' })),
    cause,
  });
}

export function stillReferred(object: string, key: string, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'CONSTRAINT_VIOLATED',
    message: `${object} '${key}' cannot be deleted: other records refer to it`,
    remedy: 'delete or change the records that refer to it first',
    status: 409,
    details: { object, key },
    cause,
  });
}

export function versionConflict(object: string, key: string, given: string, current: string): CarusoError {
  return new CarusoError({
    code: 'VERSION_CONFLICT',
    message: `${object} '${key}' was changed in the meantime: version ${given} is no longer the current one`,
    remedy: 'read it again, then send the change with the new version',
    status: 409,
    details: { object, key, given, current },
  });
}

export function bulkRefused(object: string, faults: readonly BulkFault[], untried: number): CarusoError {
  const [first] = faults;
  const more = faults.length > 1 ? `, and ${faults.length - 1} more` : '';
  return new CarusoError({
    code: 'BULK_REFUSED',
    message: `none of the changes of ${object} was made: operation ${first?.index ?? 0} is refused, ${first?.message ?? ''}${more}`,
    remedy: 'correct the operations named in the details, or leave them out',
    status: 422,
    details: { faults, untried },
  });
}

export function wrongRowCount(object: string, key: string, affected: number): CarusoError {
  return new CarusoError({
    code: 'KEY_NOT_UNIQUE',
    message: `a change of ${object} '${key}' would touch ${affected} rows instead of 1; nothing was changed`,
    remedy: "the attributes marked 'key: true' do not identify one row of the table: correct the model file",
    status: 409,
    details: { object, key, affected },
  });
}

export function keyInvalid(object: string, key: string, reason: string): CarusoError {
  return new CarusoError({
    code: 'KEY_INVALID',
    message: `'${key.slice(0, 80)}' is no key of ${object}: ${reason}`,
    remedy: 'use a key as lists give it: its parts percent-encoded and joined by ~',
    status: 400,
    details: { object },
  });
}

export function cursorInvalid(reason: string): CarusoError {
  return new CarusoError({
    code: 'CURSOR_INVALID',
    message: `'after' is not the 'next' of a page of this query: ${reason}`,
    remedy: 'begin again with the first page',
    status: 400,
  });
}

/** A condition that does not compile, or that a database cannot compute. */
export function expressionRefused(where: string, source: string, faults: readonly PlacedFault[]): CarusoError {
  const list = faults.map(({ message, line, column }) => `${line}:${column} ${message}`).join('; ');
  return new CarusoError({
    code: 'WHERE_INVALID',
    message: `${where} '${source.slice(0, 200)}' is refused: ${list}`,
    remedy: faults[0]?.remedy ?? 'correct the expression',
    status: 400,
    details: faults,
  });
}

export function parameterInvalid(name: string, reason: string): CarusoError {
  return new CarusoError({
    code: 'PARAMETER_INVALID',
    message: `parameter '${name}' ${reason}`,
    remedy: 'give a value of the type it is compared with',
    status: 400,
    details: { parameter: name },
  });
}

export function searchImpossible(object: string): CarusoError {
  return new CarusoError({
    code: 'SEARCH_IMPOSSIBLE',
    message: `${object} has no attribute that you may search`,
    remedy: "mark attributes with 'search: true' in the model file",
    status: 400,
  });
}

export function tooManyGroups(object: string, limit: number): CarusoError {
  return new CarusoError({
    code: 'AGGREGATE_TOO_LARGE',
    message: `the figures of ${object} have more than ${limit} rows`,
    remedy: 'group by fewer attributes, or take a shorter period',
    status: 413,
  });
}

export function notTheOwner(owner: string, object: string, writtenBy: string | undefined): CarusoError {
  return new CarusoError({
    code: 'OWNER_MISMATCH',
    message: `'${owner}' writes ${object}, which is ${writtenBy === undefined ? 'owned by no component' : `written by '${writtenBy}'`}`,
    remedy: `declare 'written by: ${owner}' in the model file of ${object}`,
    status: 500,
  });
}

export function annotationsUnknown(object: string, what: 'notes' | 'attachments'): CarusoError {
  return new CarusoError({
    code: 'ANNOTATIONS_UNKNOWN',
    message: `records of ${object} have no ${what}`,
    remedy: `write '${what}: true' in its model file`,
    status: 400,
  });
}

export function annotationMissing(object: string, key: string, what: 'note' | 'file', id: string): CarusoError {
  return new CarusoError({
    code: 'ANNOTATION_MISSING',
    message: `${object} '${key}' has no ${what} '${id.slice(0, 80)}'`,
    remedy: 'read the record anew',
    status: 404,
  });
}

export function attachmentTooLarge(object: string, largest: number): CarusoError {
  const size = largest >= 1_048_576 ? `${Math.floor(largest / 1_048_576)} MB` : `${Math.floor(largest / 1024)} kB`;
  return new CarusoError({
    code: 'ATTACHMENT_TOO_LARGE',
    message: `the file is larger than the ${size} that ${object} takes`,
    remedy: "send a smaller one, or raise 'largest' of the attachments in its model file",
    status: 413,
    details: { largest },
  });
}

export function attachmentRefused(object: string, type: string, types: readonly string[]): CarusoError {
  return new CarusoError({
    code: 'ATTACHMENT_TYPE',
    message: `${object} takes no files of type ${type.slice(0, 80)}`,
    remedy: `send one of ${types.join(', ')}`,
    status: 415,
    details: { types },
  });
}

export function attachmentTooMany(object: string, key: string, most: number): CarusoError {
  return new CarusoError({
    code: 'ATTACHMENTS_TOO_MANY',
    message: `${object} '${key}' has ${most} files already`,
    remedy: 'remove some',
    status: 409,
  });
}
