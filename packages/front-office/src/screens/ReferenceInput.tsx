import { Loader, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type KeyboardEvent, type ReactElement, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';

interface Props {
  label?: string;
  'aria-label'?: string;
  withAsterisk?: boolean;
  description?: string;
  error: ReactNode;
  autoFocus: boolean;
  name: string;
  object: string;
  text: string;
  required: boolean;
  onText: (key: string) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
}

/** Chooses a record of another object by searching for it. */
export function ReferenceInput({ object, text, required, onText, ...common }: Props): ReactElement {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed, 200);
  const present = useCall('objects.get', { object, key: text }, { enabled: text !== '' });
  // The field shows the chosen one's name, which is no search.
  const search = asked === present.data?.display ? '' : asked;
  const found = useCall('objects.find', { object, limit: 20, ...(search === '' ? {} : { search }) }, { keep: true });
  const options = new Map(found.data?.records.map((record) => [record.key, record.display]));
  if (text !== '') options.set(text, present.data?.display ?? text);
  return (
    <Select
      {...common}
      // A dialog gives the focus to what says so.
      data-autofocus={common.autoFocus || undefined}
      searchable
      clearable={!required}
      data={[...options].map(([value, label]) => ({ value, label }))}
      filter={({ options: all }) => all}
      value={text === '' ? null : text}
      onChange={(key) => onText(key ?? '')}
      onSearchChange={setTyped}
      nothingFoundMessage={t('common.nothingFound')}
      rightSection={found.isFetching ? <Loader size={14} /> : undefined}
    />
  );
}
