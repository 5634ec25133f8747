import { ActionIcon, Kbd, Tooltip, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { PresenceControl } from './PresenceControl.js';
import type { Navigation } from './pages.js';
import { ReminderBell } from './ReminderBell.js';
import { UserMenu } from './UserMenu.js';

export function TopBar({
  navigation,
  onSearch,
}: {
  navigation: Navigation | undefined;
  onSearch: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const works = navigation?.items.some((item) => item.view === 'desktop') === true;
  return (
    <header className="frame-top">
      <UnstyledButton className="search-box" onClick={onSearch} aria-keyshortcuts="Control+K">
        <IconSearch size={16} aria-hidden />
        <span className="one-line">{t('frame.search')}</span>
        <Kbd ml="auto" size="xs" className="wide-only" aria-hidden>
          {t('frame.searchKey')}
        </Kbd>
      </UnstyledButton>
      <span className="frame-gap" />
      {works && <PresenceControl />}
      {navigation !== undefined && <ReminderBell navigation={navigation} />}
      <SchemeSwitch />
      <UserMenu />
    </header>
  );
}

function SchemeSwitch(): ReactElement {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const label = dark ? t('frame.toLight') : t('frame.toDark');
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} className="wide-only" onClick={() => setColorScheme(dark ? 'light' : 'dark')}>
        {dark ? <IconSun size={18} /> : <IconMoon size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}
