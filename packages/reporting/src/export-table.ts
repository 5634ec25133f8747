import { stringify } from 'csv-stringify/sync';
import type { ReportTable } from './contract.js';
import { periodText } from './report-table.js';

type Cell = string | number | null;
type Column = ReportTable['columns'][number];

const millisecondsADay = 86_400_000;
const numberFormats: Record<string, string> = {
  count: '0',
  share: '0.0%',
  duration: '[h]:mm:ss',
  number: '0.00',
  money: '0.00',
};

/**
 * A report as CSV: UTF-8 with a byte order mark (spreadsheets guess wrong without), comma, CRLF; times local, shares between 0 and 1,
 * durations in seconds. Texts that a spreadsheet would take for a formula are escaped.
 */
export function toCsv(table: ReportTable, withTime: boolean): string {
  const value = (column: Column, cell: Cell): Cell => {
    if (column.kind === 'period' && typeof cell === 'string') return periodText(cell, table.timezone, withTime);
    if (column.unit === 'duration' && typeof cell === 'number') return cell / 1000;
    return cell;
  };
  const header = table.columns.map((column) => (column.unit === 'duration' ? `${column.label} (s)` : column.label));
  const rows = table.rows.map((row) => table.columns.map((column) => value(column, row[column.name] ?? null)));
  const total = table.columns.map((column, index) =>
    index === 0 ? 'Total' : value(column, table.totals[column.name] ?? null),
  );
  return stringify([header, ...rows, total], { bom: true, escape_formulas: true, record_delimiter: 'windows' });
}

/** A report as XLSX: typed cells, so that a reader can go on calculating; shares as percentages, durations as spans of time. */
export async function toXlsx(table: ReportTable, withTime: boolean): Promise<Buffer> {
  // Loaded with the first export: it takes longer to load than all the rest of a front office.
  const { default: ExcelJS } = await import('exceljs');
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet(table.label.replaceAll(/[\\/?*[\]:]/g, ' ').slice(0, 31), {
    views: [{ state: 'frozen', ySplit: 1 }],
  });
  const value = (column: Column, cell: Cell): Cell => {
    if (column.kind === 'period' && typeof cell === 'string') return periodText(cell, table.timezone, withTime);
    if (column.unit === 'duration' && typeof cell === 'number') return cell / millisecondsADay;
    return cell;
  };
  sheet.columns = table.columns.map((column) => ({
    header: column.label,
    key: column.name,
    width: Math.max(column.label.length + 2, column.kind === 'metric' ? 12 : 18),
    ...(column.unit === undefined ? {} : { style: { numFmt: numberFormats[column.unit] ?? 'General' } }),
  }));
  for (const row of table.rows) sheet.addRow(table.columns.map((column) => value(column, row[column.name] ?? null)));
  sheet.addRow(
    table.columns.map((column, index) => (index === 0 ? 'Total' : value(column, table.totals[column.name] ?? null))),
  );
  sheet.getRow(1).font = { bold: true };
  sheet.getRow(table.rows.length + 2).font = { bold: true };
  return Buffer.from(await book.xlsx.writeBuffer());
}
