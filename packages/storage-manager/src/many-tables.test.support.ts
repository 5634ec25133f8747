import type { TableShape } from './contract.js';

/** A model of so many tables, each of which refers to the one before. */
export function manyTables(count: number): TableShape[] {
  return Array.from(
    { length: count },
    (_, index): TableShape => ({
      name: `table_${index}`,
      kind: 'table',
      columns: [
        { name: 'id', type: 'integer', nullable: false },
        { name: 'name', type: 'text', nullable: true, length: 40 },
        { name: 'before', type: 'integer', nullable: true },
      ],
      primaryKey: ['id'],
      uniques: [['name']],
      indexes: [['before']],
      foreignKeys:
        index === 0 ? [] : [{ columns: ['before'], references: { table: `table_${index - 1}`, columns: ['id'] } }],
    }),
  );
}
