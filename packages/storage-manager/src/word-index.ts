import type { Dialect } from './contract.js';
import { quote } from './ddl.js';

/**
 * The index of words over one column of a managed table: FTS5, a GIN index over tsvector, FULLTEXT. The column holds words as
 * `wordsOf` of business-objects makes them, so that no database cuts, folds or leaves out any by rules of its own.
 */

/** SQLite: the table of words that belongs to a table, and the column that leads to it (rowids of a table may change, those of FTS5 do not). */
export function wordTable(table: string): string {
  return `${table}_words`;
}
const WORD_ROW = 'caruso_row';
/** The column that holds a row's words. */
export const WORD_COLUMN = 'caruso_words';

/** The statements that make it; on SQLite several, taken in one transaction. */
export function createWordIndex(dialect: Dialect, table: string, column: string): string[] {
  const [name, words] = [quote(table), quote(column)];
  if (dialect === 'postgres')
    return [`create index ${quote(`ft_${table}`.slice(0, 60))} on ${name} using gin (to_tsvector('simple', ${words}))`];
  if (dialect === 'mariadb')
    return [`create fulltext index ${quote(`ft_${table}`.slice(0, 60))} on ${name} (${words})`];
  const [index, row] = [quote(wordTable(table)), quote(WORD_ROW)];
  const trigger = (when: string): string => quote(`${wordTable(table)}_${when}`);
  const add = `insert into ${index} (words) values (new.${words}); update ${name} set ${row} = (select rowid from ${index} order by rowid desc limit 1) where rowid = new.rowid;`;
  return [
    `alter table ${name} add column ${row} integer`,
    `create virtual table ${index} using fts5(words)`,
    `insert into ${index} (rowid, words) select rowid, ${words} from ${name}`,
    `update ${name} set ${row} = rowid`,
    `create index ${quote(`ix_${wordTable(table)}`)} on ${name} (${row})`,
    `create trigger ${trigger('insert')} after insert on ${name} begin ${add} end`,
    `create trigger ${trigger('update')} after update of ${words} on ${name} begin update ${index} set words = new.${words} where rowid = new.${row}; end`,
    `create trigger ${trigger('delete')} after delete on ${name} begin delete from ${index} where rowid = old.${row}; end`,
  ];
}
