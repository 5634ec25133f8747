import { Avatar, Menu, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconLogout, IconUsers } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { signOut, useMe } from '../client/session.js';
import { LanguageSelect } from '../ui/LanguageSelect.js';
import { sayFault } from '../ui/say-fault.js';

export function UserMenu(): ReactElement | null {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  if (me === null) return null;
  const leave = (): void => {
    signOut()
      .then(() => navigate({ to: '/sign-in' }))
      .catch(sayFault);
  };
  return (
    <Menu position="bottom-end" width={220} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton>
          <VisuallyHidden>{t('frame.userMenu', { name: me.name })}</VisuallyHidden>
          <span aria-hidden>
            <Avatar radius="xl" size={32} name={me.name} color="accent" />
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name} · {me.roles.join(', ')}
        </Menu.Label>
        {me.roles.includes('administrator') && (
          <Menu.Item leftSection={<IconUsers size={16} aria-hidden />} onClick={() => void navigate({ to: '/users' })}>
            {t('users.title')}
          </Menu.Item>
        )}
        <div className="user-language">
          <LanguageSelect label />
        </div>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={leave}>
          {t('frame.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
