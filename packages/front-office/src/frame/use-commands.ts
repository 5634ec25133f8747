import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconCircle, IconCircleCheck, IconLogout, IconMoon, IconSun, IconUsers } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { signOut, useMe } from '../client/session.js';
import { useAct, useCall } from '../client/use-call.js';
import { iconNamed } from '../ui/icons.js';
import { sayFault } from '../ui/say-fault.js';
import { hasPage, type Navigation, pathOf } from './pages.js';
import type { PaletteEntry } from './palette-entry.js';

/** What the palette can do for this user. */
export function useCommands(navigation: Navigation): PaletteEntry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  const works = navigation.items.some((item) => item.view === 'desktop');
  const desktop = useCall('communication.desktop', {}, { enabled: works }).data;
  const { act: setPresence } = useAct('communication.setPresence');
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const command = (id: string, label: string, icon: PaletteEntry['icon'], run: () => void): PaletteEntry => ({
    id,
    label,
    icon,
    run,
    hint: t('frame.command'),
  });

  const pages = navigation.items.filter(hasPage).map((item) => ({
    ...command(pathOf(item), t('frame.goTo', { page: item.label }), iconNamed(item.icon), () => {
      void navigate({ to: pathOf(item) });
    }),
  }));
  const presence =
    desktop === undefined
      ? []
      : [
          command('ready', t('presence.become', { state: t('presence.ready') }), IconCircleCheck, () => {
            setPresence({ presence: 'ready' }).catch(sayFault);
          }),
          ...desktop.presenceReasons.map((reason) =>
            command(`away ${reason}`, t('presence.become', { state: reason }), IconMoon, () => {
              setPresence({ presence: 'away', reason }).catch(sayFault);
            }),
          ),
          command('offline', t('presence.become', { state: t('presence.offline') }), IconCircle, () => {
            setPresence({ presence: 'offline' }).catch(sayFault);
          }),
        ];
  const users = me?.roles.includes('administrator')
    ? [command('users', t('frame.goTo', { page: t('users.title') }), IconUsers, () => void navigate({ to: '/users' }))]
    : [];
  return [
    ...pages,
    ...users,
    ...presence,
    command('scheme', dark ? t('frame.toLight') : t('frame.toDark'), dark ? IconSun : IconMoon, () =>
      setColorScheme(dark ? 'light' : 'dark'),
    ),
    command('sign-out', t('frame.signOut'), IconLogout, () => {
      signOut()
        .then(() => navigate({ to: '/sign-in' }))
        .catch(sayFault);
    }),
  ];
}
