import { TagsInput, type TagsInputProps } from '@mantine/core';
import type { ReactElement } from 'react';
import { useCall } from '../client/use-call.js';
import type { AttributeInputProps } from './AttributeInput.js';

type Props = Pick<AttributeInputProps, 'object' | 'attribute' | 'text' | 'onText'> &
  Pick<TagsInputProps, 'label' | 'error' | 'description' | 'autoFocus' | 'name' | 'aria-label' | 'onKeyDown'>;

/** Tags as they are typed, with those in use to choose from. */
export function TagsField({ object, attribute, text, onText, label, error, onKeyDown, ...rest }: Props): ReactElement {
  const closed = attribute.values !== undefined;
  const used = useCall('objects.tags', { object, attribute: attribute.name }, { enabled: !closed });
  const offered = attribute.values ?? used.data?.tags.map(({ tag }) => tag) ?? [];
  const { description, autoFocus, name } = rest;
  return (
    <TagsInput
      label={label}
      error={error}
      description={description}
      autoFocus={autoFocus ?? false}
      {...(name === undefined ? {} : { name })}
      {...(rest['aria-label'] === undefined ? {} : { 'aria-label': rest['aria-label'] })}
      data={offered}
      value={text === '' ? [] : text.split(', ')}
      onChange={(tags) => onText((closed ? tags.filter((tag) => offered.includes(tag)) : tags).join(', '))}
      onKeyDown={(event) => {
        // Enter alone adds a tag.
        if (event.key === 'Escape' || event.ctrlKey || event.metaKey) onKeyDown?.(event);
      }}
      splitChars={[',', ';', '|']}
      maxTags={50}
      clearable
    />
  );
}
