import { Table } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { humanise } from '../format/humanise.js';
import { useFormat } from '../format/use-format.js';
import { Nothing } from '../screens/FieldValue.js';
import { DataTable } from '../ui/DataTable.js';
import type { ReportTable } from './floor.js';
import { reportCell, wholeDays } from './report-cell.js';

/** The rows of a report and, below them, the totals. */
export function ReportRows({ table }: { table: ReportTable }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const { columns, rows, totals } = table;
  const days = wholeDays(table, format);
  return (
    <DataTable<ReportTable['rows'][number]>
      label={table.label}
      rows={rows}
      rowId={(row) => String(rows.indexOf(row))}
      columns={columns.map((column) => ({
        id: column.name,
        label: column.label,
        numeric: column.kind === 'metric',
        render: (row) => {
          const text = reportCell(row[column.name], column, format, days);
          return text === null ? <Nothing /> : column.kind === 'dimension' ? humanise(text) : text;
        },
      }))}
      footer={
        <Table.Tfoot>
          <Table.Tr>
            {columns.map((column, index) =>
              index === 0 ? (
                <Table.Th key={column.name} scope="row">
                  {t('reports.total')}
                </Table.Th>
              ) : (
                <Table.Td key={column.name} fw={600} className={column.kind === 'metric' ? 'number' : ''}>
                  {column.kind === 'metric' && (reportCell(totals[column.name], column, format) ?? <Nothing />)}
                </Table.Td>
              ),
            )}
          </Table.Tr>
        </Table.Tfoot>
      }
    />
  );
}
