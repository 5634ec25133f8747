import { attributesRead, type Need, nameOfNeed, type Program } from '@caruso/dialog-script';
import { Button, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  need: Need;
  program: Program;
  onFound: (records: unknown[]) => void;
  onActed: (result: unknown) => void;
}

/** Asks what a look-up found or an action gave: nothing is looked up and nothing done for real. */
export function NeedForm({ need, program, onFound, onActed }: Props): ReactElement {
  const { t } = useTranslation();
  const read = attributesRead(program, need);
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [records, setRecords] = useState<unknown[]>([]);
  const isLookup = need.kind === 'lookup';
  const isMany = isLookup && need.query.limit > 1;
  const record = (): unknown => {
    const values: Record<string, unknown> = {};
    for (const { name, type } of read) put(values, name.split('.'), valueOf(texts[name] ?? '', String(type)));
    return values;
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isLookup) onFound([...records, record()]);
    else onActed(record());
  };
  const about = isLookup
    ? t('developer.needLookup', { name: nameOfNeed(need), object: need.query.record.object })
    : t('developer.needAction', {
        name: nameOfNeed(need),
        method: need.kind === 'undo' ? need.method : need.action.method,
      });
  return (
    <form onSubmit={submit} className="script-need" aria-label={about}>
      <Stack gap="xs">
        <Text size="sm" fw={600}>
          {about}
        </Text>
        <Code block>
          {JSON.stringify(isLookup ? { where: need.query.where, ...need.params } : need.arguments, null, 1)}
        </Code>
        {records.length > 0 && <Text size="sm">{t('developer.foundSoFar', { count: records.length })}</Text>}
        {read.map(({ name, type }) => (
          <TextInput
            key={`${name} ${records.length}`}
            label={name}
            description={typeof type === 'string' ? type : undefined}
            value={texts[name] ?? ''}
            onChange={(event) => {
              const text = event.currentTarget.value;
              setTexts((all) => ({ ...all, [name]: text }));
            }}
          />
        ))}
        <Group gap="xs">
          <Button size="xs" type="submit">
            {isLookup ? t('developer.found') : t('developer.done')}
          </Button>
          {isMany && (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setRecords((all) => [...all, record()]);
                setTexts({});
              }}
            >
              {t('developer.oneMore')}
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            onClick={() => (isLookup ? onFound(records) : onActed({ fails: t('developer.failedWhy') }))}
          >
            {isLookup ? t('developer.foundNothing') : t('developer.failed')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function put(values: Record<string, unknown>, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    values[name] = value;
    return;
  }
  const inner = (values[name] ??= {});
  if (typeof inner === 'object' && inner !== null) put(inner as Record<string, unknown>, rest, value);
}

function valueOf(text: string, type: string): unknown {
  if (text === '') return null;
  if (type === 'boolean') return text === 'true';
  if (type === 'integer' || type === 'number') return Number(text);
  return text;
}
