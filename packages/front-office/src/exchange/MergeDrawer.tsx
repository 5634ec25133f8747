import { Button, Drawer, Group, Radio, Stack, Table, Text } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useCall } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Loaded } from '../ui/Loaded.js';
import { sayDone } from '../ui/say-fault.js';

export interface Pair {
  object: string;
  first: string;
  second: string;
}

type Side = 'kept' | 'other';

/** Two records side by side: which stays, and whose value each attribute has. */
export function MergeDrawer({ pair, onClose }: { pair: Pair; onClose: () => void }): ReactElement {
  const { t } = useTranslation();
  const [swapped, swap] = useState(false);
  const [take, setTake] = useState<Record<string, Side>>({});
  const [keep, other] = swapped ? [pair.second, pair.first] : [pair.first, pair.second];
  const compared = useCall('quality.compare', { object: pair.object, keep, other, take }, { keep: true });
  const { act, busy, fault } = useAct('quality.merge');
  const merge = (): void => {
    act({ object: pair.object, keep, other, take }).then(
      ({ moved }) => {
        sayDone(t('duplicates.merged', { count: moved }));
        onClose();
      },
      // The fault stands in the drawer.
      () => null,
    );
  };
  return (
    <Drawer opened onClose={onClose} title={t('duplicates.compare')} position="right" size={860}>
      <Stack gap="md">
        {fault !== null && <FaultPanel fault={fault} />}
        <Loaded from={compared}>
          {({ attributes, related }) => (
            <>
              <Table aria-label={t('duplicates.compare')}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('duplicates.attribute')}</Table.Th>
                    <Table.Th>{t('duplicates.keep', { key: keep })}</Table.Th>
                    <Table.Th>{t('duplicates.drop', { key: other })}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {attributes.map(({ name, label, kept, other: theirs, from, choice }) => (
                    <Table.Tr key={name}>
                      <Table.Td>{label}</Table.Td>
                      {(['kept', 'other'] as const).map((side) => (
                        <Table.Td key={side}>
                          <Radio
                            name={`take ${name}`}
                            aria-label={t(`duplicates.take.${side}`, { attribute: label })}
                            label={shown(side === 'kept' ? kept : theirs)}
                            checked={(take[name] ?? from) === side}
                            disabled={!choice}
                            onChange={() => setTake({ ...take, [name]: side })}
                          />
                        </Table.Td>
                      ))}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
              <Text size="sm">
                {Object.keys(related).length === 0
                  ? t('duplicates.nothingMoves')
                  : t('duplicates.moves', {
                      what: Object.entries(related)
                        .map(([object, count]) => `${count} ${object}`)
                        .join(', '),
                    })}
              </Text>
            </>
          )}
        </Loaded>
        <Group>
          <Button loading={busy} disabled={compared.data === undefined} onClick={merge}>
            {t('duplicates.merge')}
          </Button>
          <Button
            variant="default"
            onClick={() => {
              swap(!swapped);
              setTake({});
            }}
          >
            {t('duplicates.swap')}
          </Button>
        </Group>
      </Stack>
    </Drawer>
  );
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'object' && 'amount' in value && 'currency' in value)
    return `${String(value.amount)} ${String(value.currency)}`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
