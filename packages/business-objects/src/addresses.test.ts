import { folderOf } from '@caruso/declarations';
import { expect, it } from 'vitest';
import { compileModel } from './compile-model.js';
import { importModel } from './import-model.js';

const model = (attribute: string, relation: string) => `object: Customer
attributes:
  id: { type: text, key: generated }
  ${attribute}: { to: Customer }
  history: text
relations:
  ${relation}: { many: Customer, by: ${attribute} }
`;

const faults = (text: string) =>
  compileModel(folderOf({ 'model/customer.yaml': text }).sources('model')).faults.map(
    ({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`,
  );

it('a relation or reference whose address is something else is a fault; an attribute of that name is none', () => {
  const said = (line: number, name: string) =>
    `model/customer.yaml:${line}:3 MODEL_NAME '${name}' would have no address over HTTP, where /${name} of a record is something else`;
  expect(faults(model('parent', 'children'))).toEqual([]);
  expect(faults(model('parent', 'restore'))).toEqual([said(7, 'restore')]);
  expect(faults(model('reveal', 'children'))).toEqual([said(4, 'reveal')]);
});

it('the import of a database gives no reference such a name', () => {
  const column = (name: string) => ({ name, type: 'text' as const, nullable: false });
  const table = { kind: 'table' as const, primaryKey: ['id'], uniques: [], indexes: [] };
  const { files } = importModel(
    {
      database: 'old',
      dialect: 'sqlite',
      hash: '',
      tables: [
        { ...table, name: 'history', columns: [column('id')], foreignKeys: [] },
        {
          ...table,
          name: 'entry',
          columns: [column('id'), column('history_id')],
          foreignKeys: [{ columns: ['history_id'], references: { table: 'history', columns: ['id'] } }],
        },
      ],
    },
    { database: 'old' },
  );
  expect(files.find(({ path }) => path === 'model/entry.yaml')?.text).toContain('historyRecord: { column: history_id');
});
