import type { AttributeDescription, ObjectDescription } from '@caruso/business-objects/contract';

export type JsonSchema = Record<string, unknown>;

/** A value of an attribute on the wire. */
function valueSchema(attribute: AttributeDescription): JsonSchema {
  const { type, values, pattern, maxLength, currency, to } = attribute;
  switch (type) {
    case 'integer':
      return { type: ['integer', 'string'], description: 'a number; a text beyond 2^53' };
    case 'decimal':
      return { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' };
    case 'number':
      return { type: 'number' };
    case 'money':
      return {
        type: 'object',
        required: ['amount', 'currency'],
        properties: {
          amount: { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' },
          currency: currency === undefined ? { type: 'string', pattern: '^[A-Z]{3}$' } : { const: currency },
        },
      };
    case 'boolean':
      return { type: 'boolean' };
    case 'date':
      return { type: 'string', format: 'date' };
    case 'datetime':
      return { type: 'string', format: 'date-time' };
    case 'one of':
      return { type: 'string', ...(values === undefined ? {} : { enum: values }) };
    case 'email':
      return { type: 'string', format: 'email' };
    case 'url':
      return { type: 'string', format: 'uri' };
    case 'json':
      return {};
    case 'binary':
      return { type: 'string', contentEncoding: 'base64' };
    case 'tags': {
      const tag = { type: 'string', maxLength: 60, ...(values === undefined ? {} : { enum: values }) };
      return { type: 'array', maxItems: 50, items: tag };
    }
    case 'reference':
      return { type: 'string', description: `key of a ${to ?? 'record'}` };
    case 'text':
    case 'phone':
      return {
        type: 'string',
        ...(maxLength === undefined ? {} : { maxLength }),
        // Model files anchor a pattern at both ends; JSON Schema does not.
        ...(pattern === undefined ? {} : { pattern: `^(?:${pattern})$` }),
      };
  }
}

/** A sensitive value reads as its mask; written back, the mask changes nothing. */
function masked(value: JsonSchema, forRead: boolean, { required, key }: AttributeDescription): JsonSchema {
  const mask = { const: '***', description: 'masked; see reveal' };
  if (forRead) return mask;
  return required || key ? { anyOf: [value, mask] } : { anyOf: [value, mask, { type: 'null' }] };
}

function attributeSchema(attribute: AttributeDescription, forRead: boolean): JsonSchema {
  const own = valueSchema(attribute);
  const value = attribute.sensitive === true ? masked(own, forRead, attribute) : own;
  const title = attribute.label;
  const readOnly = forRead && attribute.readOnly ? { readOnly: true } : {};
  const nullable = attribute.required || attribute.key || Object.keys(value).length === 0;
  return nullable ? { title, ...value, ...readOnly } : { title, anyOf: [value, { type: 'null' }], ...readOnly };
}

/** The values of an object as they are read. */
export function readSchema({ label, attributes }: ObjectDescription): JsonSchema {
  return {
    type: 'object',
    title: label,
    properties: Object.fromEntries(attributes.map((attribute) => [attribute.name, attributeSchema(attribute, true)])),
    required: attributes.map(({ name }) => name),
    additionalProperties: false,
  };
}

/** The values that the caller may write; those a new record needs are required where `creating`. */
export function writeSchema({ label, attributes }: ObjectDescription, creating: boolean): JsonSchema {
  const writable = attributes.filter(({ readOnly, key }) => !readOnly && (creating || !key));
  const required = creating ? writable.filter((each) => each.required).map(({ name }) => name) : [];
  return {
    type: 'object',
    title: label,
    properties: Object.fromEntries(writable.map((attribute) => [attribute.name, attributeSchema(attribute, false)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}
