import { folderOf } from '@caruso/declarations';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileModel } from './compile-model.js';
import { onEachDatabase } from './customer-care.test.support.js';

const TICKET = `object: Ticket
attributes:
  no: { type: integer, key: true }
  medium: { type: one of, values: [gas, power, water] }
  fault: { type: one of, by: medium, values: { gas: [leak, smell], power: [outage, flicker] } }
  urgent: { type: boolean }
  team: { type: one of, by: urgent, values: { true: [night, day], false: day } }
  cause: { type: one of, by: fault, values: { leak: [frost, digging], outage: [storm] } }
`;

onEachDatabase('values that depend on another attribute', { 'ticket.yaml': TICKET }, (house) => {
  const create = (values: object) => house.objects.create({ object: 'Ticket', values: { ...values } });
  const update = (values: object) => house.objects.update({ object: 'Ticket', key: '1', values: { ...values } });
  const faults = (...of: [string, string][]) => ({
    code: 'VALIDATION_FAILED',
    details: of.map(([attribute, message]) => ({ attribute, message })),
  });
  beforeAll(async () => {
    if (house.objects !== undefined)
      await create({ no: 1, medium: 'gas', fault: 'leak', cause: 'frost', urgent: true, team: 'night' });
  });

  it('are checked against what the record holds and what is written', async () => {
    await expect(create({ no: 2, medium: 'power', fault: 'leak' })).rejects.toMatchObject(
      faults(['fault', "should be one of outage, flicker where 'medium' is 'power'"]),
    );
    await expect(create({ no: 2, medium: 'water', fault: 'leak' })).rejects.toMatchObject(
      faults(['fault', "has no value where 'medium' is 'water'"]),
    );
    await expect(create({ no: 2, fault: 'leak' })).rejects.toMatchObject(
      faults(['fault', "has no value where 'medium' is empty"]),
    );
    await expect(update({ urgent: false })).rejects.toMatchObject(
      faults(['team', "should be one of day where 'urgent' is 'false'"]),
    );
    await expect(update({ fault: 'smell' })).rejects.toMatchObject(
      faults(['cause', "has no value where 'fault' is 'smell'"]),
    );
    await expect(update({ medium: 'power' })).rejects.toMatchObject(
      faults(['fault', "should be one of outage, flicker where 'medium' is 'power'"]),
    );
    const changed = await update({ medium: 'power', fault: 'outage', cause: 'storm', urgent: false, team: 'day' });
    expect(changed.values).toMatchObject({ fault: 'outage', cause: 'storm', team: 'day' });
    expect((await house.model.examine('Ticket', { cause: 'frost' }, '1')).violations).toEqual([
      { attribute: 'cause', message: "should be one of storm where 'fault' is 'outage'" },
    ]);
  });

  it('are described for forms, and found by any of them', async () => {
    const { objects } = await house.objects.describe({ object: 'Ticket' });
    const described = objects[0]?.attributes.find(({ name }) => name === 'fault');
    expect(described).toMatchObject({
      values: ['leak', 'smell', 'outage', 'flicker'],
      dependsOn: { attribute: 'medium', values: { gas: ['leak', 'smell'], power: ['outage', 'flicker'] } },
    });
    expect((await house.objects.find({ object: 'Ticket', where: "fault = 'outage'" })).records).toHaveLength(1);
  });
});

describe('dependent values in a model file', () => {
  it.each([
    [
      'fault: { type: one of, by: medum, values: { gas: [a] } }',
      /:5:30 MODEL_DEPENDENT the values of 'fault' depend on 'medum'/,
    ],
    ['fault: { type: one of, by: medium, values: { gass: [a] } }', /:5:48 MODEL_DEPENDENT 'medium' never is 'gass'/],
    ['fault: { type: one of, by: medium, values: [a] }', /:5:26 MODEL_ATTRIBUTE attribute 'fault': 'by' and values/],
    ['fault: { type: one of, values: { gas: [a] } }', /:5:26 MODEL_ATTRIBUTE attribute 'fault': 'by' and values/],
    [
      'fault: { type: one of, required: true, by: medium, values: { gas: [a] } }',
      /:5:54 MODEL_DEPENDENT 'fault' is required, but has no values where 'medium' is power/,
    ],
    [
      'fault: { type: one of, by: fault, values: { a: [a] } }',
      /:5:30 MODEL_DEPENDENT values depend on one another: fault -> fault/,
    ],
    [
      'fault: { type: text, sensitive: true, search: true }',
      /:5:41 MODEL_ATTRIBUTE attribute 'fault': what is sensitive is not found/,
    ],
  ])('are refused with their place: %s', (line, expected) => {
    const text = `object: Ticket\nattributes:\n  no: { type: integer, key: true }\n  medium: { type: one of, values: [gas, power] }\n  ${line}\n`;
    const { faults } = compileModel(folderOf({ 'model/ticket.yaml': text }).sources('model'));
    const told = faults.map(
      ({ file, line: row, column, code, message }) => `${file}:${row}:${column} ${code} ${message}`,
    );
    expect(told.join('\n')).toMatch(expected);
  });
});
