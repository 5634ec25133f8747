import { Anchor, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../client/contracts.js';
import { useCall } from '../client/use-call.js';
import { DataTable } from '../ui/DataTable.js';
import { Loaded } from '../ui/Loaded.js';

type Row = Output<'imports.rows'>['rows'][number];

/** Columns of the file that are shown beside the faults. */
const MOST_COLUMNS = 6;
const PAGE = 25;
const faulty: Row['state'][] = ['faulty', 'refused', 'same', 'perhaps', 'skipped', 'left'];

/** Rows of a file, those with something to say first of all. */
export function ImportRows({ id, state, columns }: { id: string; state: string; columns: string[] }): ReactElement {
  const { t } = useTranslation();
  const [shown, show] = useState<'telling' | 'all'>(state === 'read' ? 'all' : 'telling');
  const [pages, setPages] = useState<number[]>([0]);
  const after = pages.at(-1) ?? 0;
  const query = shown === 'telling' ? `?states=${faulty.join(',')}` : '';
  const rows = useCall(
    'imports.rows',
    { import: id, after, limit: PAGE, ...(shown === 'telling' ? { states: faulty } : {}) },
    { keep: true, every: 2000 },
  );
  return (
    <Stack gap="xs">
      <Group gap="md">
        <SegmentedControl
          aria-label={t('imports.which')}
          value={shown}
          onChange={(value) => {
            show(value === 'all' ? 'all' : 'telling');
            setPages([0]);
          }}
          data={[
            { value: 'telling', label: t('imports.telling') },
            { value: 'all', label: t('imports.all') },
          ]}
          maw="100%"
        />
        <Anchor size="sm" href={`/api/imports/${encodeURIComponent(id)}/rows.csv${query}`} download>
          {t('imports.download')}
        </Anchor>
      </Group>
      <Loaded from={rows}>
        {({ rows: page }) =>
          page.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('imports.noRows')}
            </Text>
          ) : (
            <>
              <DataTable
                label={t('imports.rows')}
                rows={page}
                rowId={({ line }) => String(line)}
                columns={[
                  { id: 'line', label: t('imports.line'), numeric: true, render: ({ line }) => line },
                  { id: 'state', label: t('imports.state'), render: (row) => t(`imports.rowStates.${row.state}`) },
                  {
                    id: 'problems',
                    label: t('imports.problems'),
                    render: ({ problems }) =>
                      problems.map(({ column, message }) => (
                        <div key={`${column} ${message}`}>{column === null ? message : `${column}: ${message}`}</div>
                      )),
                  },
                  ...columns.slice(0, MOST_COLUMNS).map((column) => ({
                    id: `cell ${column}`,
                    label: column,
                    render: ({ cells }: Row) => text(cells[column]),
                  })),
                ]}
              />
              <Group gap="xs">
                <Button
                  size="xs"
                  variant="default"
                  disabled={pages.length < 2}
                  onClick={() => setPages(pages.slice(0, -1))}
                >
                  {t('imports.before')}
                </Button>
                <Button
                  size="xs"
                  variant="default"
                  disabled={page.length < PAGE}
                  onClick={() => setPages([...pages, page.at(-1)?.line ?? 0])}
                >
                  {t('imports.after')}
                </Button>
              </Group>
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}

function text(value: unknown): string {
  if (value === null || value === undefined) return '';
  return (typeof value === 'object' ? JSON.stringify(value) : String(value)).slice(0, 80);
}
