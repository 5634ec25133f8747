import type { Field } from '@caruso/application-builder/contract';
import type { ObjectRecord } from '@caruso/business-objects/contract';
import { Anchor, Button, Group } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactElement, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../client/call.js';
import { Fault } from '../client/fault.js';
import { screenPath } from '../frame/pages.js';
import { type Column, DataTable } from '../ui/DataTable.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Rows } from '../ui/Rows.js';
import { FieldValue } from './FieldValue.js';
import { RestoreRecord } from './RestoreRecord.js';
import { referenceAt, valueAt } from './value-at.js';

interface Props {
  label: string;
  object: string;
  columns: Field[];
  where?: string | undefined;
  params?: Record<string, unknown> | undefined;
  include: string[];
  sort: string[];
  search?: string | undefined;
  opens?: string | undefined;
  /** Only what this relation of one record leads to. */
  from?: { object: string; key: string; relation: string } | undefined;
  /** What can be done with each, in a column of its own. */
  act?: { label: string; render: (record: ObjectRecord) => ReactNode } | undefined;
  /** Shows what was deleted instead, to be restored. */
  deleted?: boolean;
  pageSize?: number;
  empty: ReactNode;
}

const unsorted = new Set(['json', 'binary', 'tags']);
const figures = new Set(['integer', 'decimal', 'number', 'money']);

/** Records of one object, sorted by the server, page by page. */
export function RecordTable(props: Props): ReactElement {
  const { label, object, columns, where, params, include, search, opens, pageSize = 50, empty, deleted } = props;
  const { from, act } = props;
  const { t } = useTranslation();
  const [sort, setSort] = useState(props.sort);
  const input = {
    include,
    sort,
    limit: pageSize,
    ...(where === undefined ? {} : { where }),
    ...(params === undefined ? {} : { params }),
    ...(search === undefined || search === '' ? {} : { search }),
    ...(deleted === true ? { deleted: 'only' as const } : {}),
  };
  const found = useInfiniteQuery({
    queryKey:
      from === undefined
        ? ['objects.find', { object, ...input }, 'pages']
        : ['objects.related', { ...from, ...input }, 'pages'],
    queryFn: ({ pageParam, signal }) => {
      const page = { ...input, ...(pageParam === null ? {} : { after: pageParam }) };
      return from === undefined
        ? call('objects.find', { object, ...page }, signal)
        : call('objects.related', { ...from, ...page }, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
  if (found.data === undefined) {
    return found.error === null ? <Rows /> : <FaultPanel fault={Fault.from(found.error)} again={found.refetch} />;
  }
  const records = found.data.pages.flatMap((page) => page.records);
  return (
    <>
      {found.error !== null && <FaultPanel fault={found.error} again={found.refetch} />}
      {records.length === 0 ? (
        empty
      ) : (
        <DataTable
          label={label}
          columns={[
            ...columns.map((field, index) => columnOf(field, index === 0 && deleted !== true ? opens : undefined)),
            ...(deleted === true ? [restoring(t('list.deletedAt'))] : []),
            ...(act === undefined ? [] : [{ id: '#act', pinned: true, ...act }]),
          ]}
          rows={records}
          rowId={(record) => record.key}
          sort={sort}
          onSort={(path) =>
            setSort((now) => (now[0] === path ? [`-${path}`] : now[0] === `-${path}` ? props.sort : [path]))
          }
        />
      )}
      {found.hasNextPage && (
        <Group justify="center" p="sm">
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t('list.more')}
          </Button>
        </Group>
      )}
    </>
  );
}

/** When a record was deleted, and the way to bring it back. */
function restoring(label: string): Column<ObjectRecord> {
  return { id: '#restore', label, render: (record) => <RestoreRecord record={record} /> };
}

function columnOf(field: Field, opens: string | undefined): Column<ObjectRecord> {
  const { path, label, attribute } = field;
  const shown = (record: ObjectRecord): ReactElement => (
    <FieldValue
      value={valueAt(record, path)}
      attribute={opens === undefined ? attribute : { ...attribute, type: plainType(attribute.type) }}
      reference={referenceAt(record, path)}
    />
  );
  return {
    id: path,
    label,
    numeric: figures.has(attribute.type),
    sortable:
      !path.includes('.') &&
      !unsorted.has(attribute.type) &&
      (attribute.sensitive !== true || attribute.mayReveal === true),
    render: (record) =>
      opens === undefined ? (
        shown(record)
      ) : (
        <Anchor component={Link} to={screenPath(opens, record.key)} fw={500}>
          {shown(record)}
        </Anchor>
      ),
  };
}

/** A cell that opens the record must not hold a second link. */
function plainType(type: Field['attribute']['type']): Field['attribute']['type'] {
  return type === 'email' || type === 'phone' || type === 'url' ? 'text' : type;
}
