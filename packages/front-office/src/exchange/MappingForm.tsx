import { Button, Group, MultiSelect, Select, Stack, Table, TextInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../client/contracts.js';
import { useAct, useCall } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Loaded } from '../ui/Loaded.js';
import { sayDone } from '../ui/say-fault.js';

type Status = Output<'imports.status'>;
type Options = Status['options'];

/** Where each column of a file goes, and what is done with records that are there. */
export function MappingForm({ status }: { status: Status }): ReactElement {
  const { t } = useTranslation();
  const described = useCall('objects.describe', { object: status.object });
  const saved = useCall('imports.mappings', { object: status.object });
  const { act, busy, fault } = useAct('imports.map');
  const [mapping, setMapping] = useState(status.mapping);
  const [options, setOptions] = useState<Options>(status.options);
  const [saveAs, setSaveAs] = useState('');
  const map = (column: string, attribute: string | null): void => {
    const { [column]: former, ...others } = mapping;
    setMapping(attribute === null ? others : { ...others, [column]: { ...former, attribute } });
  };
  const apply = (): void => {
    const name = saveAs.trim();
    act({ import: status.import, mapping, options, ...(name === '' ? {} : { saveAs: name }) }).then(
      () => sayDone(t('imports.mapped')),
      // The fault stands in the form.
      () => null,
    );
  };
  return (
    <Loaded from={described}>
      {({ objects }) => {
        const attributes = (objects[0]?.attributes ?? [])
          .filter(({ computed, readOnly, key }) => computed !== true && (!readOnly || key))
          .map(({ name, label }) => ({ value: name, label }));
        const mapped = attributes.filter(({ value }) =>
          Object.values(mapping).some(({ attribute }) => attribute === value),
        );
        return (
          <Stack gap="sm">
            {fault !== null && <FaultPanel fault={fault} />}
            {(saved.data?.mappings.length ?? 0) > 0 && (
              <Select
                label={t('imports.saved')}
                data={saved.data?.mappings.map(({ name }) => name) ?? []}
                onChange={(name) => {
                  const found = saved.data?.mappings.find((each) => each.name === name);
                  if (found === undefined) return;
                  setMapping(found.mapping);
                  setOptions(found.options);
                }}
                w={320}
              />
            )}
            <Table aria-label={t('imports.mapping')} maw={640}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('imports.column')}</Table.Th>
                  <Table.Th>{t('imports.attribute')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {status.columns.map((column) => (
                  <Table.Tr key={column}>
                    <Table.Td>{column}</Table.Td>
                    <Table.Td>
                      <Select
                        aria-label={t('imports.attributeOf', { column })}
                        placeholder={t('imports.leftOut')}
                        data={attributes}
                        value={mapping[column]?.attribute ?? null}
                        onChange={(attribute) => map(column, attribute)}
                        clearable
                        searchable
                      />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
            <Group gap="sm" align="end">
              <MultiSelect
                label={t('imports.match')}
                description={t('imports.matchHint')}
                data={mapped}
                value={options.match}
                onChange={(match) => setOptions({ ...options, match })}
                w={320}
              />
              <Select
                label={t('imports.duplicates')}
                data={(['skip', 'update', 'create'] as const).map((value) => ({
                  value,
                  label: t(`imports.withDuplicates.${value}`),
                }))}
                value={options.duplicates}
                onChange={(value) =>
                  setOptions({ ...options, duplicates: value === 'update' || value === 'create' ? value : 'skip' })
                }
                w={220}
              />
              <TextInput
                label={t('imports.saveAs')}
                maxLength={100}
                value={saveAs}
                onChange={(event) => setSaveAs(event.currentTarget.value)}
              />
              <Button variant="default" loading={busy} onClick={apply}>
                {t('imports.apply')}
              </Button>
            </Group>
          </Stack>
        );
      }}
    </Loaded>
  );
}
