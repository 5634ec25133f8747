import '../frame/frame.css';
import './portal.css';
import '../desktop/desktop.css';
import { Anchor, Button, Text, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactElement, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { startLive } from '../client/live.js';
import { useCall } from '../client/use-call.js';
import { BrandMark } from '../frame/BrandMark.js';
import { ConnectionBar } from '../frame/ConnectionBar.js';
import { LanguageSelect } from '../ui/LanguageSelect.js';
import { Loaded } from '../ui/Loaded.js';
import { ChatCorner } from './ChatCorner.js';
import { PortalCards } from './PortalCards.js';
import { PortalScript } from './PortalScript.js';
import { tellHost } from './tell-host.js';

/** Where customers help themselves, without signing in. */
export function Portal(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { script, embedded = false } = useSearch({ from: '/self-service' });
  const brand = useCall('screens.navigation', {}).data?.brand;
  const portal = useCall('screens.portal', {});
  useEffect(startLive, []);
  const page = useRef<HTMLDivElement>(null);
  useEffect(() => (embedded && page.current !== null ? tellHost(page.current) : undefined), [embedded]);
  const open = (id: string | undefined): void => {
    const search = { ...(embedded ? { embedded: true as const } : {}), ...(id === undefined ? {} : { script: id }) };
    void navigate({ to: '/self-service', search });
  };
  return (
    <div ref={page} className="portal" data-embedded={embedded || undefined}>
      {/* In a company's own page that page says whose it is. */}
      {!embedded && (
        <header className="portal-top">
          {brand !== undefined && <BrandMark brand={brand} />}
          <Text fw={600} size="lg">
            {brand?.name}
          </Text>
          <div className="portal-language">
            <LanguageSelect />
          </div>
          <Anchor href="/" size="sm">
            {t('portal.staff')}
          </Anchor>
        </header>
      )}
      <ConnectionBar />
      <main className="portal-main">
        <Loaded from={portal}>
          {({ title, welcome, scripts, chat }) => (
            <>
              {script === undefined ? (
                <>
                  <Title order={1}>{title}</Title>
                  <Text size="lg" mt="xs">
                    {welcome}
                  </Text>
                  <PortalCards scripts={scripts} onOpen={open} />
                </>
              ) : (
                <>
                  <Button variant="subtle" px={0} mb="sm" onClick={() => open(undefined)}>
                    {t('portal.overview')}
                  </Button>
                  <PortalScript key={script} script={script} onClose={() => open(undefined)} />
                </>
              )}
              {chat !== null && <ChatCorner label={chat.label} greeting={chat.greeting} />}
            </>
          )}
        </Loaded>
      </main>
    </div>
  );
}
