import type { Field } from '@caruso/application-builder/contract';
import type { ObjectRecord } from '@caruso/business-objects/contract';
import { Button, Group, Stack } from '@mantine/core';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Fault } from '../client/fault.js';
import { useAct } from '../client/use-call.js';
import { useFormat } from '../format/use-format.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { AttributeInput } from './AttributeInput.js';
import { fromText, toText } from './attribute-text.js';
import { choicesFor, fits } from './dependent-choices.js';
import { fieldFaults } from './field-faults.js';

/** Texts without those that no longer fit beside what they depend on. */
function withoutUnfit(fields: Field[], texts: Record<string, string>): Record<string, string> {
  const kept = { ...texts };
  // One may depend on another that depends on a third.
  for (const _ of fields)
    for (const { attribute } of fields)
      if (!fits(attribute, kept[attribute.name], kept[attribute.dependsOn?.attribute ?? ''])) kept[attribute.name] = '';
  return kept;
}

/** What a field's values depend on, as it is in the form or filled in; undefined where the form does not know it. */
function besideIn(
  fields: Field[],
  { attribute }: Field,
  texts: Record<string, string>,
  values: Record<string, unknown>,
): unknown {
  const on = attribute.dependsOn?.attribute ?? '';
  return fields.some((field) => field.attribute.name === on) ? (texts[on] ?? '') : values[on];
}

interface Props {
  object: string;
  fields: Field[];
  /** Values that are filled in, by attribute; those without a field are sent as they are. */
  values?: Record<string, unknown>;
  onCreated: (record: ObjectRecord) => void;
  onCancel: () => void;
}

/** A form that creates a business object; what was typed stays when the server refuses it. */
export function CreateForm({ object, fields, values = {}, onCreated, onCancel }: Props): ReactElement {
  const { t } = useTranslation();
  const { place } = useFormat();
  const { act, busy } = useAct('objects.create');
  const [texts, setTexts] = useState<Record<string, string>>(() =>
    Object.fromEntries(
      fields.map(({ attribute }) => [attribute.name, toText(values[attribute.name], attribute, place.timezone)]),
    ),
  );
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [fault, setFault] = useState<Fault | null>(null);

  const check = (field: Field, text: string): string | undefined => {
    const read = fromText(text, field.attribute, place);
    return 'problem' in read ? t(`problem.${read.problem}`) : undefined;
  };
  const change = (field: Field, text: string): void => {
    setTexts((all) => withoutUnfit(fields, { ...all, [field.attribute.name]: text }));
    const error = check(field, text);
    setErrors((all) => {
      const others = Object.entries(all).filter(([name]) => name !== field.attribute.name);
      return Object.fromEntries(error === undefined ? others : [...others, [field.attribute.name, error]]);
    });
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setFault(null);
    const wrong: Record<string, string> = {};
    const made: Record<string, unknown> = { ...values };
    for (const field of fields) {
      const read = fromText(texts[field.attribute.name] ?? '', field.attribute, place);
      if ('problem' in read) wrong[field.attribute.name] = t(`problem.${read.problem}`);
      else if (read.value !== null) made[field.attribute.name] = read.value;
      else delete made[field.attribute.name];
    }
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    try {
      onCreated(await act({ object, values: made }));
    } catch (error) {
      const byField = fieldFaults(error);
      const shown = fields.some(({ attribute }) => attribute.name in byField);
      setErrors(byField);
      if (!shown) setFault(Fault.from(error));
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="sm">
        {fault !== null && <FaultPanel fault={fault} />}
        {fields.map((field, index) => (
          <AttributeInput
            key={field.path}
            object={object}
            attribute={choicesFor(field.attribute, besideIn(fields, field, texts, values))}
            label={field.label}
            text={texts[field.attribute.name] ?? ''}
            onText={(text) => change(field, text)}
            error={errors[field.attribute.name]}
            autoFocus={index === 0}
          />
        ))}
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('record.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
