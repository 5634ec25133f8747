import { Table } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { humanise } from '../format/humanise.js';
import { useFormat } from '../format/use-format.js';
import { Nothing } from '../screens/FieldValue.js';
import { DataTable } from '../ui/DataTable.js';
import type { ReportTable } from './floor.js';
import { reportCell } from './report-cell.js';

/** The rows of a report and, below them, the totals. */
export function ReportRows({ table }: { table: ReportTable }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const { columns, rows, totals } = table;
  return (
    <DataTable<ReportTable['rows'][number]>
      label={table.label}
      rows={rows}
      rowId={(row) => String(rows.indexOf(row))}
      columns={columns.map((column) => ({
        id: column.name,
        label: column.label,
        numeric: column.kind === 'metric',
        cell: (row) => {
          const text = reportCell(row[column.name], column, format);
          return text === null ? <Nothing /> : column.kind === 'dimension' ? humanise(text) : text;
        },
      }))}
      footer={
        <Table.Tfoot>
          <Table.Tr>
            {columns.map((column, index) => (
              <Table.Th
                key={column.name}
                scope={index === 0 ? 'row' : 'col'}
                className={column.kind === 'metric' ? 'number' : ''}
              >
                {column.kind === 'metric'
                  ? (reportCell(totals[column.name], column, format) ?? <Nothing />)
                  : index === 0
                    ? t('reports.total')
                    : ''}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Tfoot>
      }
    />
  );
}
