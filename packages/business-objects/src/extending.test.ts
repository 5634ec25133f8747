import { folderOf } from '@caruso/declarations';
import { describe, expect, it } from 'vitest';
import { compileModel } from './compile-model.js';
import { describeObject } from './describe.js';

const BASE = `object: Request
abstract: true
delete: keep
attributes:
  id: { type: text, key: generated }
  title: text
  priority: { type: integer, min: 1, max: 5, default: 3, label: Urgency }
  customer: { to: Party }
  note: { type: text, search: true }
relations:
  steps: { many: Step, by: request }
rights:
  agent: { read: all, write: [title, note] }
  partner: { read: "priority > 3", write: [title, note], hide: [steps] }
`;
const PARTY = 'object: Party\nattributes:\n  no: { type: text, key: true }\n';

function compiled(files: Record<string, string>) {
  const sources = Object.fromEntries(Object.entries(files).map(([name, text]) => [`model/${name}.yaml`, text]));
  const { model, faults } = compileModel(folderOf(sources).sources('model'));
  return {
    model,
    faults: faults.map(({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`),
  };
}

describe('an object that extends another', () => {
  it('has its attributes, relations, rights and settings, but for what its own file says', () => {
    const { model, faults } = compiled({
      request: BASE,
      party: PARTY,
      move: `object: Move
extends: Request
attributes:
  title: { label: Where to, required: true }
  note: null
  priority: { max: 3 }
  date: date
relations: { steps: null }
rights:
  agent: { write: [title, date], delete: true }
  supervisor: all
`,
    });
    expect(faults).toEqual([]);
    expect([...model.objects.keys()]).toEqual(['Move', 'Party']);
    const move = model.objects.get('Move');
    if (move === undefined) throw new Error('there is no Move');
    expect([...move.attributes.keys()]).toEqual(['id', 'title', 'priority', 'customer', 'date']);
    expect(move).toMatchObject({ table: 'move', label: 'Move', deletedColumn: 'caruso_deleted', extends: 'Request' });
    expect(move.attributes.get('title')).toMatchObject({ type: 'text', label: 'Where to', required: true });
    expect(move.attributes.get('priority')).toMatchObject({ label: 'Urgency', min: 1, max: 3, default: { value: 3 } });
    expect(move.relations.size).toBe(0);
    expect(move.rights?.get('agent')).toMatchObject({ read: true, write: new Set(['title', 'date']), delete: true });
    // What is left out is left out of the rights there were.
    expect(move.rights?.get('partner')).toMatchObject({ write: new Set(['title']), hide: new Set() });
    expect([...(move.rights?.keys() ?? [])]).toEqual(['agent', 'partner', 'supervisor']);
    expect(describeObject(move, undefined, model)).toMatchObject({ extends: 'Request', keepsDeleted: true });
  });

  it('may be extended in its turn, and lie in another layer than what it extends', () => {
    const [lower] = folderOf({ 'model/request.yaml': BASE }).sources('model');
    if (lower === undefined) throw new Error('there is no source');
    const upper = { ...lower, layer: 'upper', text: 'attributes:\n  title: { length: 40 }\n', below: lower };
    const others = folderOf({
      'model/party.yaml': PARTY,
      'model/complaint.yaml': 'object: Complaint\nextends: Request\nrelations: { steps: null }\n',
      'model/appeal.yaml':
        'object: Appeal\nextends: Complaint\nlabelPlural: Appeals\nattributes: { title: { label: Against } }\n',
    }).sources('model');
    const { model, faults } = compileModel([upper, ...others]);
    expect(faults).toEqual([]);
    expect(model.objects.get('Complaint')?.attributes.get('title')).toMatchObject({ maxLength: 40, label: 'Title' });
    expect(model.objects.get('Appeal')?.attributes.get('title')).toMatchObject({ maxLength: 40, label: 'Against' });
  });

  it('may also extend an object that has records of its own, whose references it may narrow', () => {
    const { faults, model } = compiled({
      party: PARTY,
      firm: 'object: Firm\nextends: Party\nattributes: { vat: text }\n',
      case: 'object: Case\nattributes:\n  id: { type: text, key: generated }\n  customer: { to: Party }\n',
      claim: 'object: Claim\nextends: Case\nattributes: { customer: { to: Firm } }\n',
    });
    expect(faults).toEqual([]);
    expect(model.objects.get('Claim')?.attributes.get('customer')?.to).toBe('Firm');
  });

  it.each([
    [
      'an unknown one',
      { a: 'object: A\nextends: Requst\n', request: BASE, party: PARTY },
      /model\/a\.yaml:2:10 MODEL_EXTENDS_UNKNOWN A extends Requst/,
    ],
    [
      'itself',
      { a: 'object: A\nextends: A\n' },
      /model\/a\.yaml:2:10 MODEL_EXTENDS_CYCLE objects extend one another: A -> A/,
    ],
    [
      'one that extends it',
      { a: 'object: A\nextends: B\n', b: 'object: B\nextends: C\n', c: 'object: C\nextends: B\n' },
      /model\/b\.yaml:2:10 MODEL_EXTENDS_CYCLE objects extend one another: B -> C -> B/,
    ],
    [
      'another type',
      { request: BASE, party: PARTY, a: 'object: A\nextends: Request\nattributes:\n  priority: { type: text }\n' },
      /model\/a\.yaml:4:21 MODEL_EXTENDS_TYPE 'priority' of A is text, but of Request it is integer/,
    ],
    [
      'a formula for what is stored',
      { request: BASE, party: PARTY, a: 'object: A\nextends: Request\nattributes:\n  title: { formula: "note" }\n' },
      /model\/a\.yaml:4:21 MODEL_EXTENDS_TYPE 'title' of A is a formula, but of Request it is text/,
    ],
    [
      'a reference elsewhere',
      { request: BASE, party: PARTY, a: 'object: A\nextends: Request\nattributes:\n  customer: { to: A }\n' },
      /MODEL_EXTENDS_TYPE 'customer' of A is a reference to A, but of Request it is a reference to Party/,
    ],
    [
      'a relation that does not lead back',
      {
        request: BASE,
        party: PARTY,
        a: 'object: A\nextends: Request\n',
        step: 'object: Step\nattributes:\n  id: { type: text, key: true }\n  request: { to: Party }\n',
      },
      /model\/request\.yaml:11:28 MODEL_RELATION Step\.request leads to Party/,
    ],
  ])('is refused, with its place, where it extends or has %s', (_, files, expected) => {
    const { faults } = compiled(files);
    expect(faults.filter((fault) => expected.test(fault))).toHaveLength(1);
  });
});
