import './frame.css';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { Outlet } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { Loaded } from '../ui/Loaded.js';
import { CommandPalette } from './CommandPalette.js';
import { ConnectionBar } from './ConnectionBar.js';
import { NavigationRail } from './NavigationRail.js';
import { TopBar } from './TopBar.js';

/** What surrounds every screen of the staff: navigation, search, presence, reminders, the state of the connection. */
export function Frame(): ReactElement {
  const { t } = useTranslation();
  const navigation = useCall('screens.navigation', {});
  const [palette, { open, close }] = useDisclosure(false);
  useHotkeys([['mod+K', open]], []);
  return (
    <div className="frame">
      <a className="skip-link" href="#main">
        {t('frame.skip')}
      </a>
      <NavigationRail navigation={navigation.data} />
      <TopBar navigation={navigation.data} onSearch={open} />
      <ConnectionBar />
      <main className="frame-main" id="main" tabIndex={-1}>
        <Loaded from={navigation}>{() => <Outlet />}</Loaded>
      </main>
      {navigation.data !== undefined && palette && <CommandPalette navigation={navigation.data} close={close} />}
    </div>
  );
}
