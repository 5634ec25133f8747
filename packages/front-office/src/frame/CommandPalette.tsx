import { Modal, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Navigation } from './pages.js';
import { useCommands } from './use-commands.js';
import { useSearchHits } from './use-search-hits.js';

interface Props {
  navigation: Navigation;
  close: () => void;
}

/** Looks through everything the user may see, and runs commands; the keyboard suffices. */
export function CommandPalette({ navigation, close }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={close}
      withCloseButton={false}
      size={560}
      padding="xs"
      yOffset="12vh"
      centered={false}
      attributes={{ content: { 'aria-label': t('frame.search') } }}
    >
      <Palette navigation={navigation} close={close} />
    </Modal>
  );
}

function Palette({ navigation, close }: Props): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 150);
  const [chosen, choose] = useState(0);
  const { hits, searching } = useSearchHits(navigation, asked);
  const commands = useCommands(navigation);
  const needle = text.trim().toLowerCase();
  const matching = commands.filter(({ label }) => label.toLowerCase().includes(needle));
  const entries = needle === '' ? commands : [...matching, ...hits];
  const marked = Math.min(chosen, entries.length - 1);

  useEffect(() => {
    document.getElementById(`palette-${marked}`)?.scrollIntoView({ block: 'nearest' });
  }, [marked]);

  const onKey = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && entries.length > 0) {
      event.preventDefault();
      choose((marked + step + entries.length) % entries.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      entries[marked]?.run();
      if (entries[marked] !== undefined) close();
    }
  };

  return (
    <>
      <TextInput
        data-autofocus
        aria-label={t('frame.search')}
        placeholder={t('frame.searchHint')}
        leftSection={<IconSearch size={16} aria-hidden />}
        size="md"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          choose(0);
        }}
        onKeyDown={onKey}
        role="combobox"
        aria-expanded
        aria-controls="palette-entries"
        aria-activedescendant={`palette-${marked}`}
      />
      <div
        id="palette-entries"
        role="listbox"
        aria-label={t('frame.searchResults')}
        style={{ marginTop: 8, maxHeight: '55vh', overflowY: 'auto' }}
      >
        {entries.map(({ id, label, hint, icon: Icon, run }, index) => (
          <div
            key={id}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === marked}
            className="palette-item"
            onMouseMove={() => choose(index)}
            onClick={() => {
              run();
              close();
            }}
          >
            <Icon size={18} stroke={1.6} aria-hidden />
            <span className="one-line">{label}</span>
            <Text component="span" size="xs" c="dimmed" ml="auto" style={{ whiteSpace: 'nowrap' }}>
              {hint}
            </Text>
          </div>
        ))}
      </div>
      <Text size="sm" c="dimmed" p="xs" role="status">
        {entries.length === 0
          ? searching || asked !== text.trim()
            ? t('frame.searching')
            : t('frame.nothingFound')
          : ''}
      </Text>
    </>
  );
}
