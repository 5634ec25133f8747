import { Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { type ColumnDef, getCoreRowModel, useReactTable } from '@tanstack/react-table';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface Column<Row> {
  id: string;
  label: string;
  render: (row: Row) => ReactNode;
  /** Figures stand to the right. */
  numeric?: boolean;
  sortable?: boolean;
  /** Stays in sight where the table is wider than the screen. */
  pinned?: boolean;
}

interface Props<Row> {
  /** What the table shows, for those who do not see it. */
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowId: (row: Row) => string;
  /** Columns by which it is sorted; a leading minus is descending. */
  sort?: string[];
  onSort?: (column: string) => void;
  footer?: ReactNode;
}

/** A table of any kind of rows; sorting is the caller's, since the server does it. */
export function DataTable<Row>({ label, columns, rows, rowId, sort, onSort, footer }: Props<Row>): ReactElement {
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoises this application
  const table = useReactTable({
    data: rows,
    columns: columns.map((column): ColumnDef<Row> => ({ id: column.id, header: column.label })),
    getCoreRowModel: getCoreRowModel(),
    getRowId: rowId,
  });
  const of = (id: string): Column<Row> | undefined => columns.find((column) => column.id === id);
  return (
    <Table.ScrollContainer minWidth={columns.length * 90} type="native" tabIndex={0} role="group" aria-label={label}>
      <Table verticalSpacing={6} horizontalSpacing="sm" highlightOnHover aria-label={label}>
        <Table.Thead>
          {table.getHeaderGroups().map((group) => (
            <Table.Tr key={group.id}>
              {group.headers.map((header) => (
                <Head key={header.id} column={of(header.column.id)} sort={sort} onSort={onSort} />
              ))}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody>
          {table.getRowModel().rows.map((row) => (
            <Table.Tr key={row.id}>
              {row.getVisibleCells().map((cell) => (
                <Table.Td key={cell.id} className={classOf(of(cell.column.id))}>
                  {of(cell.column.id)?.render(row.original)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
        {footer}
      </Table>
    </Table.ScrollContainer>
  );
}

function classOf<Row>(column: Column<Row> | undefined): string {
  return column?.numeric === true ? 'number' : column?.pinned === true ? 'pinned' : '';
}

interface HeadProps<Row> {
  column: Column<Row> | undefined;
  sort: string[] | undefined;
  onSort: ((column: string) => void) | undefined;
}

function Head<Row>({ column, sort, onSort }: HeadProps<Row>): ReactElement {
  const { t } = useTranslation();
  if (column === undefined) return <Table.Th />;
  const { id, label, sortable } = column;
  const up = sort?.includes(id) === true;
  const down = sort?.includes(`-${id}`) === true;
  const Sign = up ? IconArrowUp : down ? IconArrowDown : IconArrowsSort;
  return (
    <Table.Th className={classOf(column)} aria-sort={up ? 'ascending' : down ? 'descending' : 'none'}>
      {sortable === true && onSort !== undefined ? (
        <UnstyledButton onClick={() => onSort(id)} fz="sm" fw={600} title={t('list.sortBy', { column: label })}>
          {label} <Sign size={12} opacity={up || down ? 1 : 0.35} aria-hidden />
        </UnstyledButton>
      ) : (
        label
      )}
    </Table.Th>
  );
}
