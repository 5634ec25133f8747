import type { Field } from '@caruso/application-builder/contract';
import { ActionIcon, Group, Text, UnstyledButton } from '@mantine/core';
import { IconCheck, IconPencil, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactElement, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { useFormat } from '../format/use-format.js';
import { AttributeInput } from './AttributeInput.js';
import { fromText, toText } from './attribute-text.js';
import { ConflictDialog } from './ConflictDialog.js';
import { choicesFor, fits } from './dependent-choices.js';
import { FieldValue } from './FieldValue.js';
import { MASK } from './SensitiveValue.js';
import { type Outcome, useRecordUpdate } from './use-record-update.js';
import type { Reference } from './value-at.js';

interface Props {
  field: Field;
  value: unknown;
  reference: Reference | null | undefined;
  record: { object: string; key: string; version: string };
  /** Values that stand beside it, on which its own may depend. */
  values: Record<string, unknown>;
}

/** A field that becomes an input where it stands: Enter saves, Escape leaves it as it was. */
export function InlineField({ field, value, reference, record, values }: Props): ReactElement {
  const { t } = useTranslation();
  const { place } = useFormat();
  const { attribute, label } = field;
  const [text, setText] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [conflict, setConflict] = useState<Extract<Outcome, { kind: 'conflict' }> | null>(null);
  // The version that was on the screen when the editing began: what changed since then is a conflict.
  const begun = useRef(record.version);
  const { save, busy } = useRecordUpdate(record);
  const description = useCall('objects.describe', { object: record.object });
  const button = useRef<HTMLButtonElement>(null);

  const begin = (): void => {
    begun.current = record.version;
    // A masked value is not shown for being changed: what is typed takes its place.
    setText(value === MASK && attribute.sensitive === true ? '' : toText(value, attribute, place.timezone));
    setError(null);
  };
  const leave = (): void => {
    setText(null);
    setError(null);
    requestAnimationFrame(() => button.current?.focus());
  };
  const check = (typed: string): { value: unknown } | undefined => {
    const read = fromText(typed, attribute, place);
    setError('problem' in read ? t(`problem.${read.problem}`) : null);
    return 'value' in read ? read : undefined;
  };
  // What no longer fits beside the new value goes with the old one.
  const left = (chosen: unknown): Record<string, null> =>
    Object.fromEntries(
      (description.data?.objects[0]?.attributes ?? []).flatMap((each) =>
        each.dependsOn?.attribute === attribute.name && !fits(each, values[each.name], chosen)
          ? [[each.name, null]]
          : [],
      ),
    );
  const store = async (version: string): Promise<void> => {
    if (text === null) return;
    const read = check(text);
    if (read === undefined) return;
    const outcome = await save({ [attribute.name]: read.value, ...left(read.value) }, version);
    if (outcome.kind === 'saved') {
      setConflict(null);
      leave();
    } else if (outcome.kind === 'conflict') setConflict(outcome);
    else setError(outcome.fields[attribute.name] ?? outcome.message);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      leave();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void store(begun.current);
    }
  };

  if (text === null) {
    return (
      <div className="inline-field">
        <span className="breaking">
          <FieldValue
            value={value}
            attribute={attribute}
            reference={reference}
            record={{ object: record.object, key: record.key }}
          />
        </span>
        <UnstyledButton
          ref={button}
          className="inline-edit"
          onClick={begin}
          aria-label={t('record.edit', { field: label })}
        >
          <IconPencil size={14} aria-hidden />
        </UnstyledButton>
      </div>
    );
  }
  return (
    <>
      <Group gap={4} wrap="nowrap" align="flex-start">
        <div style={{ flex: 1, minWidth: 0 }}>
          <AttributeInput
            object={record.object}
            attribute={choicesFor(attribute, values[attribute.dependsOn?.attribute ?? ''])}
            label={label}
            text={text}
            onText={(typed) => {
              setText(typed);
              check(typed);
            }}
            error={error}
            bare
            autoFocus
            onKeyDown={onKeyDown}
          />
        </div>
        <ActionIcon
          variant="filled"
          color="accent"
          loading={busy}
          disabled={error !== null}
          aria-label={t('record.save')}
          onClick={() => void store(begun.current)}
        >
          <IconCheck size={16} />
        </ActionIcon>
        <ActionIcon aria-label={t('record.cancel')} onClick={leave}>
          <IconX size={16} />
        </ActionIcon>
      </Group>
      {conflict !== null && (
        <ConflictDialog
          label={label}
          mine={<Text>{text === '' ? t('common.empty') : text}</Text>}
          theirs={<FieldValue value={conflict.current?.values[attribute.name]} attribute={attribute} />}
          onMine={() => {
            begun.current = conflict.current?.version ?? begun.current;
            void store(begun.current);
          }}
          onTheirs={() => {
            setConflict(null);
            leave();
          }}
        />
      )}
    </>
  );
}
