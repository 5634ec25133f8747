import { folderOf } from '@caruso/declarations';
import { expect, it } from 'vitest';
import { compileModel } from './compile-model.js';
import { generateTypes } from './generate-types.js';

const typesOf = (files: Record<string, string>): string => {
  const named = Object.fromEntries(Object.entries(files).map(([name, text]) => [`model/${name}.yaml`, text]));
  return generateTypes(compileModel(folderOf(named).sources('model')).model);
};
const visit = `object: Visit
label: Visit */ on site
attributes:
  id: { type: text, key: generated }
  at: { type: datetime, required: true }
  customer: { to: Model, required: true }
  state: { type: one of, values: [planned, "do'ne"], required: true, default: planned }
  price: { type: money, currency: EUR }
  long: { formula: "state + '!'" }
`;
const model = `object: Model
attributes:
  no: { type: text, key: true, pattern: "M[0-9]/x", length: 8 }
relations:
  visits: { many: Visit, by: customer }
`;

it('says what values are on the wire, what a new record needs, and what leads where', () => {
  const text = typesOf({ visit, model });
  expect(text).toContain(`/** Visit * / on site. */
export const Visit = z.object({
  id: z.string().max(10000),
  at: z.iso.datetime(),
  /** The key of a Model. */
  customer: z.string(),
  state: z.enum(["planned", "do'ne"]),
  /** In EUR. */
  price: money.nullable(),
  /** Computed. */
  long: z.string().max(10000).nullable(),
});
export type Visit = z.infer<typeof Visit>;
`);
  expect(text).toContain(`  Visit: {
    values: Visit;
    create: Pick<Visit, 'at' | 'customer'> & Partial<Pick<Visit, 'state' | 'price'>>;
    update: Partial<Pick<Visit, 'at' | 'customer' | 'state' | 'price'>>;
    related: { customer: 'Model' };
    linked: never;
  };`);
  // A name that the file has for itself does not stand in its way.
  expect(text).toContain(`export const ModelObject = z.object({
  no: z.string().max(8).regex(new RegExp("^(?:M[0-9]/x)$", 'u')),
});`);
  expect(text).toContain("related: { visits: 'Visit'[] };");
});

it('says what can be linked', () => {
  const text = typesOf({ visit, model: `${model}  seen: { many: Visit, table: true }\n` });
  expect(text).toContain("related: { visits: 'Visit'[]; seen: 'Visit'[] };\n    linked: 'seen';");
  expect(text).not.toContain('Model.seen');
});

it('leaves out what has a fault, and what leads to it', () => {
  const text = typesOf({ visit, model: model.replace('text', 'colour') });
  expect(text).not.toContain('ModelObject');
  expect(text).not.toContain("customer: 'Model'");
});
