import { type Fault, type Locate, locateExpression, type Path, readYaml, type Source } from '@caruso/declarations';
import { compile, type Expression, type Schema } from '@caruso/expressions';
import { z } from 'zod';

/** `30 per minute`. */
const Pace = z.string().transform((text, context): number => {
  const found = /^(\d{1,6}) per (minute|hour)$/.exec(text.trim());
  const perMinute = found === null ? 0 : Number(found[1]) / (found[2] === 'hour' ? 60 : 1);
  if (perMinute > 0) return perMinute;
  context.addIssue({
    code: 'custom',
    message: `'${text}' is no pace`,
    params: { remedy: "write '30 per minute' or '200 per hour'" },
  });
  return z.NEVER;
});

/** A file `campaigns/*.yaml`. */
const CampaignFile = z.strictObject({
  campaign: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a name has lower-case letters, digits and hyphens'),
  label: z.string().min(1),
  for: z.string(),
  where: z.string().optional(),
  channel: z.string(),
  subject: z.string().min(1),
  text: z.string().min(1),
  pace: Pace.default(60),
});

/** A text with values in it: `Dear {{ name }}`. */
export type Template = readonly (string | Expression)[];

/** A campaign as declared. */
export interface CampaignPlan {
  name: string;
  label: string;
  object: string;
  where: string | null;
  channel: string;
  subject: Template;
  text: Template;
  /** Messages a minute. */
  pace: number;
}

/** Reads campaigns/*.yaml and checks conditions and placeholders against the object they are for. */
export function compileCampaigns(
  sources: readonly Source[],
  objects: Schema['objects'] | undefined,
): { campaigns: Map<string, CampaignPlan>; faults: Fault[] } {
  const campaigns = new Map<string, CampaignPlan>();
  const faults: Fault[] = [];
  for (const source of sources) {
    const read = readYaml(source, CampaignFile);
    faults.push(...read.faults);
    if (read.value === undefined) continue;
    const { value, locate } = read;
    const fault = (at: Path, code: string, message: string, remedy: string): void => {
      faults.push({ ...locate(at), code, message, remedy, severity: 'error' });
    };
    if (campaigns.has(value.campaign))
      fault(['campaign'], 'NAME_TAKEN', `campaign '${value.campaign}' is declared twice`, 'rename one');
    const attributes = objects?.[value.for];
    if (objects !== undefined && attributes === undefined) {
      fault(
        ['for'],
        'NAME_UNKNOWN',
        `unknown business object '${value.for}'`,
        `one of: ${Object.keys(objects).join(', ')}`,
      );
      continue;
    }
    const schema: Schema = { variables: attributes ?? {}, ...(objects === undefined ? {} : { objects }) };
    if (value.where !== undefined && attributes !== undefined) {
      expression(value.where, 0, ['where'], { schema, locate, faults, expects: 'boolean' });
    }
    campaigns.set(value.campaign, {
      name: value.campaign,
      label: value.label,
      object: value.for,
      where: value.where ?? null,
      channel: value.channel,
      subject: template(value.subject, ['subject'], { schema, locate, faults }),
      text: template(value.text, ['text'], { schema, locate, faults }),
      pace: value.pace,
    });
  }
  return { campaigns, faults };
}

interface Place {
  schema: Schema;
  locate: Locate;
  faults: Fault[];
  expects?: 'boolean';
}

function expression(source: string, offset: number, at: Path, place: Place): Expression | null {
  const compiled = compile(source, place.schema, place.expects === undefined ? {} : { expects: place.expects });
  if (compiled.ok) return compiled.expression;
  for (const { code, message, remedy, offset: within } of compiled.faults) {
    place.faults.push({
      ...locateExpression(place.locate, at, offset + within),
      code,
      message,
      remedy,
      severity: 'error',
    });
  }
  return null;
}

function template(text: string, at: Path, place: Place): Template {
  const parts: (string | Expression)[] = [];
  let end = 0;
  for (const found of text.matchAll(/\{\{([^{}]*)\}\}/g)) {
    parts.push(text.slice(end, found.index));
    const value = expression(found[1] ?? '', found.index + 2, at, place);
    if (value !== null) parts.push(value);
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}

/** The text of a template for one object; what is null reads as nothing. */
export function fill(
  parts: Template,
  values: Record<string, unknown>,
  context: { now: Date; timezone: string },
): string {
  const said = parts.map((part) => {
    if (typeof part === 'string') return part;
    const value = part.evaluate(values, context);
    if (value === null || value === undefined) return '';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  });
  return said.join('');
}
