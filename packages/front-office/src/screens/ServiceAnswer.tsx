import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { isMoney } from '../format/format.js';
import { humanise } from '../format/humanise.js';
import { useFormat } from '../format/use-format.js';
import { DataTable } from '../ui/DataTable.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Nothing } from './FieldValue.js';

type Row = Record<string, unknown>;

/** Any plain data: an object as facts, a list of objects as a table, an object with lists as both. */
export function ServiceAnswer({ value, label }: { value: unknown; label: string }): ReactElement {
  const { t } = useTranslation();
  if (isList(value)) return <AnswerTable rows={value} label={label} />;
  if (!isPlain(value))
    return value === null || value === undefined ? <NothingHere title={t('list.empty')} /> : <Scalar value={value} />;
  const parts = Object.entries(value);
  const lists = parts.filter((part): part is [string, Row[]] => isList(part[1]));
  const facts = parts.filter(([, one]) => !isList(one));
  return (
    <>
      {facts.length > 0 && (
        <dl className="facts">
          {facts.map(([name, one]) => (
            <div key={name}>
              <dt>{humanise(name)}</dt>
              <dd>
                <Scalar value={one} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {lists.map(([name, rows]) => (
        <AnswerTable key={name} rows={rows} label={humanise(name)} />
      ))}
    </>
  );
}

function AnswerTable({ rows, label }: { rows: Row[]; label: string }): ReactElement {
  const { t } = useTranslation();
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (rows.length === 0) return <NothingHere title={t('list.empty')} />;
  const columns = names.map((name) => ({
    id: name,
    label: humanise(name),
    numeric: rows.some((row) => typeof row[name] === 'number' || isMoney(row[name])),
    render: (row: Row) => <Scalar value={row[name]} />,
  }));
  return <DataTable label={label} columns={columns} rows={rows} rowId={(row) => String(rows.indexOf(row))} />;
}

function Scalar({ value }: { value: unknown }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  if (typeof value === 'boolean') return <>{value ? t('common.yes') : t('common.no')}</>;
  const text = format.anything(value);
  return text === null ? <Nothing /> : <>{text}</>;
}

function isPlain(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isMoney(value);
}

function isList(value: unknown): value is Row[] {
  return Array.isArray(value) && value.every(isPlain);
}
