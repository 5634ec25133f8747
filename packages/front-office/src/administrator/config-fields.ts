/** A value of a configuration that a form can ask for by itself. */
export interface ConfigField {
  name: string;
  kind: 'text' | 'number' | 'truth' | 'choice';
  required: boolean;
  description: string | undefined;
  choices: string[];
}

interface Schema {
  type?: unknown;
  properties?: Record<string, Schema>;
  required?: unknown;
  enum?: unknown;
  description?: unknown;
  additionalProperties?: unknown;
}

/** The fields of a form for a JSON schema; undefined where there is more in it than single values: it is then written as JSON. */
export function configFields(schema: unknown): ConfigField[] | undefined {
  const { type, properties = {}, required, additionalProperties } = isObject(schema) ? (schema as Schema) : {};
  if (type !== 'object' || (additionalProperties !== undefined && additionalProperties !== false)) return undefined;
  const fields = Object.entries(properties).map(([name, each]): ConfigField | undefined => {
    const kind = kindOf(each);
    if (kind === undefined) return undefined;
    return {
      name,
      kind,
      required: Array.isArray(required) && required.includes(name),
      description: typeof each.description === 'string' ? each.description : undefined,
      choices: Array.isArray(each.enum) ? each.enum.map(String) : [],
    };
  });
  return fields.every((each) => each !== undefined) ? fields : undefined;
}

function kindOf({ type, enum: choices }: Schema): ConfigField['kind'] | undefined {
  if (Array.isArray(choices)) return choices.every((each) => typeof each === 'string') ? 'choice' : undefined;
  if (type === 'string') return 'text';
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'boolean' ? 'truth' : undefined;
}

/** What a field shows of a value. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * What was typed, as the configuration takes it: nothing for an empty field that need not be filled in, a text where a number should be
 * if it names a variable of the environment.
 */
export function valueOf({ kind, required }: ConfigField, text: string): unknown {
  if (text === '' && !(required && kind === 'text')) return undefined;
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(text.trim())) return Number(text);
  if (kind === 'truth' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

/** The configuration that was typed as JSON; undefined where it is none. */
export function configOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
