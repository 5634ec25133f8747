import { ActionIcon, Button, Group } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Props<T> {
  rows: readonly T[];
  /** What a row begins as. */
  blank: T;
  onChange: (rows: T[]) => void;
  /** The fields of a row, counted from 1. */
  children: (row: T, number: number, change: (part: Partial<T>) => void) => ReactNode;
}

/** Rows of fields of which there may be any number, in an order. */
export function RowList<T extends object>({ rows, blank, onChange, children }: Props<T>): ReactElement {
  const { t } = useTranslation('modeler');
  return (
    <>
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is known by its place while it is written
        <Group key={at} align="end" gap="xs" wrap="nowrap">
          {children(row, at + 1, (part) =>
            onChange(rows.map((each, place) => (place === at ? { ...each, ...part } : each))),
          )}
          <ActionIcon
            aria-label={t('removeCondition', { number: at + 1 })}
            size="lg"
            onClick={() => onChange(rows.filter((_, place) => place !== at))}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => onChange([...rows, blank])}
        style={{ alignSelf: 'start' }}
      >
        {t('addCondition')}
      </Button>
    </>
  );
}
