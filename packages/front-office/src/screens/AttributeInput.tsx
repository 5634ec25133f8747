import type { AttributeDescription } from '@caruso/business-objects/contract';
import { Select, Textarea, TextInput } from '@mantine/core';
import type { KeyboardEvent, ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/use-format.js';
import { ReferenceInput } from './ReferenceInput.js';
import { TagsField } from './TagsField.js';

export interface AttributeInputProps {
  /** The object it is an attribute of. */
  object: string;
  attribute: AttributeDescription;
  label: string;
  /** Present text of the field; booleans as `true` and `false`, references as the other's key. */
  text: string;
  onText: (text: string) => void;
  error?: ReactNode;
  /** The label is not shown, because it stands beside the field. */
  bare?: boolean;
  autoFocus?: boolean;
  onKeyDown?: (event: KeyboardEvent) => void;
}

/** Texts up to this length have one line; so do those without a limit of their own, whose limit is the largest. */
const oneLine = 500;
const unlimited = 10_000;

/** The input that fits the type of an attribute. */
export function AttributeInput(props: AttributeInputProps): ReactElement {
  const { attribute, label, text, onText, error, bare, autoFocus, onKeyDown } = props;
  const { t } = useTranslation();
  const { currency } = useFormat().place;
  const common = {
    ...(bare === true ? { 'aria-label': label } : { label, withAsterisk: attribute.required }),
    ...(attribute.help === undefined || bare === true ? {} : { description: attribute.help }),
    ...(onKeyDown === undefined ? {} : { onKeyDown }),
    error,
    autoFocus: autoFocus ?? false,
    name: attribute.name,
    'aria-required': attribute.required,
  };
  const typed = {
    value: text,
    onChange: (event: { currentTarget: { value: string } }) => onText(event.currentTarget.value),
  };
  const chosen = { value: text === '' ? null : text, onChange: (value: string | null) => onText(value ?? '') };
  switch (attribute.type) {
    case 'one of':
      return <Select {...common} {...chosen} data={attribute.values ?? []} clearable={!attribute.required} />;
    case 'boolean': {
      const data = [
        { value: 'true', label: t('common.yes') },
        { value: 'false', label: t('common.no') },
      ];
      return <Select {...common} {...chosen} data={data} clearable={!attribute.required} />;
    }
    case 'reference':
      return (
        <ReferenceInput
          {...common}
          text={text}
          onText={onText}
          object={attribute.to ?? ''}
          required={attribute.required}
        />
      );
    case 'tags':
      return <TagsField {...common} {...props} />;
    case 'date':
      return <TextInput {...common} {...typed} type="date" />;
    case 'datetime':
      return <TextInput {...common} {...typed} type="datetime-local" />;
    case 'email':
      return <TextInput {...common} {...typed} type="email" />;
    case 'phone':
      return <TextInput {...common} {...typed} type="tel" />;
    case 'integer':
      return <TextInput {...common} {...typed} inputMode="numeric" />;
    case 'decimal':
    case 'number':
      return <TextInput {...common} {...typed} inputMode="decimal" />;
    case 'money':
      return (
        <TextInput
          {...common}
          {...typed}
          inputMode="decimal"
          rightSection={<span style={{ fontSize: 12 }}>{attribute.currency ?? currency}</span>}
          rightSectionWidth={46}
        />
      );
    case 'json':
      return <Textarea {...common} {...typed} autosize minRows={3} />;
    default:
      return paragraphs(attribute, text) ? (
        <Textarea {...common} {...typed} autosize minRows={2} maxRows={10} />
      ) : (
        <TextInput {...common} {...typed} />
      );
  }
}

function paragraphs({ maxLength = 0, pattern }: AttributeDescription, text: string): boolean {
  return text.includes('\n') || (pattern === undefined && maxLength > oneLine && maxLength < unlimited);
}
