import { Text, UnstyledButton } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../client/contracts.js';
import { iconNamed } from '../ui/icons.js';
import { NothingHere } from '../ui/NothingHere.js';

interface Props {
  scripts: Output<'screens.portal'>['scripts'];
  onOpen: (script: string) => void;
}

/** What a customer can do alone, one card each. */
export function PortalCards({ scripts, onOpen }: Props): ReactElement {
  const { t } = useTranslation();
  if (scripts.length === 0) return <NothingHere title={t('portal.none')} hint={t('portal.noneHint')} />;
  return (
    <ul className="portal-cards" aria-label={t('portal.offers')}>
      {scripts.map(({ id, label, description, icon }) => {
        const Icon = iconNamed(icon);
        return (
          <li key={id}>
            <UnstyledButton className="portal-card" onClick={() => onOpen(id)}>
              <Icon size={26} stroke={1.5} aria-hidden />
              <Text component="span" fw={600} size="lg">
                {label}
              </Text>
              <Text component="span" size="sm" c="dimmed">
                {description}
              </Text>
            </UnstyledButton>
          </li>
        );
      })}
    </ul>
  );
}
