import { Autocomplete, JsonInput, Stack, Text, TextInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fault } from '../client/fault.js';
import { type ConfigField, configFields, configOf, textOf, valueOf } from './config-fields.js';

/** A configuration while it is edited: by fields, or as JSON where there is more in it. */
export interface ConfigDraft {
  fields: ConfigField[] | undefined;
  texts: Record<string, string>;
  json: string;
  /** As it stands; undefined while the JSON is none. */
  config: Record<string, unknown> | undefined;
  setText: (name: string, text: string) => void;
  setJson: (text: string) => void;
}

export function useConfigDraft(config: Record<string, unknown>, schema: unknown): ConfigDraft {
  const fields = configFields(schema);
  const [texts, setTexts] = useState<Record<string, string>>(() =>
    Object.fromEntries((fields ?? []).map(({ name }) => [name, textOf(config[name])])),
  );
  const [json, setJson] = useState(() => JSON.stringify(config, null, 2));
  const byFields = fields?.map((field) => [field.name, valueOf(field, texts[field.name] ?? '')] as const);
  return {
    fields,
    texts,
    json,
    config:
      byFields === undefined ? configOf(json) : Object.fromEntries(byFields.filter(([, value]) => value !== undefined)),
    setText: (name, text) => setTexts((all) => ({ ...all, [name]: text })),
    setJson,
  };
}

/** Every value may also name a variable of the environment, hence texts where numbers and truth values are asked for. */
export function ConfigEditor({ draft, fault }: { draft: ConfigDraft; fault: Fault | null }): ReactElement {
  const { t } = useTranslation();
  const { fields, texts, json, config, setText, setJson } = draft;
  const wrong = faultsByField(fault);
  if (fields === undefined) {
    return (
      <JsonInput
        label={t('services.configuration')}
        description={t('services.asJson')}
        value={json}
        onChange={setJson}
        error={config === undefined && t('services.noJson')}
        autosize
        minRows={6}
        maxRows={24}
        formatOnBlur
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
    );
  }
  if (fields.length === 0) return <Text size="sm">{t('services.noConfiguration')}</Text>;
  return (
    <Stack gap="sm">
      {fields.map(({ name, kind, required, description, choices }) => {
        const shared = {
          label: name,
          description,
          required,
          value: texts[name] ?? '',
          error: wrong[name],
        };
        return kind === 'choice' || kind === 'truth' ? (
          <Autocomplete
            key={name}
            {...shared}
            data={kind === 'truth' ? ['true', 'false'] : choices}
            onChange={(text) => setText(name, text)}
          />
        ) : (
          <TextInput
            key={name}
            {...shared}
            inputMode={kind === 'number' ? 'decimal' : 'text'}
            onChange={(event) => setText(name, event.currentTarget.value)}
          />
        );
      })}
    </Stack>
  );
}

/** What the component's schema refused, by the first step of its path. */
function faultsByField(fault: Fault | null): Record<string, string> {
  const details = fault?.details as { issues?: unknown } | undefined;
  const issues = Array.isArray(details?.issues) ? (details.issues as { path?: unknown; message?: unknown }[]) : [];
  return Object.fromEntries(issues.map(({ path, message }) => [String(path).split('.')[0] ?? '', String(message)]));
}
