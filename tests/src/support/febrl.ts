import { readFileSync } from 'node:fs';
import { compileModel } from '@caruso/business-objects';
import { comparables, comparedAttributes, DuplicateIndex } from '@caruso/data-quality';
import { folderOf } from '@caruso/declarations';
import { febrlFile } from './requirement.js';

/** The rules an integrator would write who knows how rare the values are: points are bits of evidence. */
const MODEL = `object: Person
attributes:
  id: { type: text, key: true, column: rec_id }
  givenName: { type: text, column: given_name, normalise: name }
  surname: { type: text, normalise: name }
  streetNumber: { type: text, column: street_number }
  street: { type: text, column: address_1, normalise: address }
  property: { type: text, column: address_2, normalise: address }
  suburb: { type: text, normalise: address }
  postcode: { type: text, normalise: postcode }
  state: { type: text }
  bornOn: { type: text, column: date_of_birth }
  socialNo: { type: text, column: soc_sec_id }
duplicates:
  - weigh:
      givenName ~ 0.85: 6
      surname ~ 0.85: 8
      streetNumber: 6
      street ~ 0.9: 9
      property ~ 0.9: 9
      suburb ~ 0.9: 8
      postcode ~ 0.75: 9
      state: 2
      bornOn ~ 0.85: 12
      socialNo ~ 0.85: 16
    same: 20
    perhaps: 12
`;

export interface Found {
  records: number;
  /** Pairs of records of one person. */
  pairs: number;
  /** 2 * right / (2 * right + wrong + missed), over pairs. */
  f1: { same: number; perhaps: number; socialNo: number };
}

/** Looks for duplicates record by record, as they would be entered, and holds what is found against what is known. */
export function findFebrl(name: 'febrl1' | 'febrl3'): Found {
  const { model, faults } = compileModel(folderOf({ 'model/person.yaml': MODEL }).sources('model'));
  const person = model.objects.get('Person');
  if (person === undefined || faults.length > 0) throw new Error(JSON.stringify(faults));
  const attributes = [...person.attributes.values()];
  const compared = comparedAttributes({ attributes, duplicates: person.duplicates });
  const index = new DuplicateIndex(person.duplicates);
  const tally = { same: { right: 0, wrong: 0 }, perhaps: { right: 0, wrong: 0 }, socialNo: { right: 0, wrong: 0 } };
  const count = (what: { right: number; wrong: number }, right: boolean) => (right ? what.right++ : what.wrong++);
  const known = new Map<string, number>();
  const numbers = new Map<string, string[]>();
  let pairs = 0;
  const rows = readRows(febrlFile(name));
  for (const row of rows) {
    const id = row['rec_id'] ?? '';
    const before = known.get(personOf(id)) ?? 0;
    pairs += before;
    known.set(personOf(id), before + 1);
    const values = Object.fromEntries(attributes.map((each) => [each.name, row[each.columns[0]?.name ?? ''] || null]));
    const record = comparables(compared, values, 'AU');
    for (const { key, band } of index.find(record)) {
      const right = personOf(key) === personOf(id);
      if (band === 'same') count(tally.same, right);
      count(tally.perhaps, right);
    }
    index.add(id, record);
    const number = row['soc_sec_id'] ?? '';
    for (const other of numbers.get(number) ?? []) count(tally.socialNo, personOf(other) === personOf(id));
    if (number !== '') numbers.set(number, [...(numbers.get(number) ?? []), id]);
  }
  const f1 = ({ right, wrong }: { right: number; wrong: number }) => (2 * right) / (right + wrong + pairs);
  return {
    records: rows.length,
    pairs,
    f1: { same: f1(tally.same), perhaps: f1(tally.perhaps), socialNo: f1(tally.socialNo) },
  };
}

/** `rec-12-dup-0` is a copy of `rec-12-org` with errors. */
function personOf(id: string): string {
  return /^rec-(\d+)-/.exec(id)?.[1] ?? id;
}

function readRows(file: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const columns = head.split(',').map((name) => name.trim());
  return lines.map((line) => {
    const cells = line.split(',').map((cell) => cell.trim());
    return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']));
  });
}
