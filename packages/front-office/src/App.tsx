import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { type ReactElement, type ReactNode, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { queryClient } from './client/query-client.js';
import { useMe } from './client/session.js';
import { useCall } from './client/use-call.js';
import { FormatProvider } from './format/use-format.js';
import { localeFor, speak } from './i18n.js';
import { router } from './router.js';
import { carusoTheme, carusoVariables } from './theme.js';

const schemes = localStorageColorSchemeManager({ key: 'caruso.color-scheme' });

export function App(): ReactElement {
  return (
    <QueryClientProvider client={queryClient}>
      <Look>
        <Notifications position="bottom-right" limit={4} containerWidth={380} />
        <SessionWatch />
        <RouterProvider router={router} />
      </Look>
    </QueryClientProvider>
  );
}

/** Brand, locale and accent of the front office, as far as they are known already. */
function Look({ children }: { children: ReactNode }): ReactElement {
  const navigation = useCall('screens.navigation', {}).data;
  const accent = navigation?.brand.accent ?? '';
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const { language } = i18n;
  const close = t('common.close');
  const theme = useMemo(() => carusoTheme(accent, { close }), [accent, close]);
  const place = useMemo(
    () => ({
      locale: language === '' ? 'en' : localeFor(navigation?.locale ?? 'en'),
      timezone: navigation?.timezone ?? 'UTC',
      currency: navigation?.currency ?? null,
    }),
    [navigation, language],
  );
  useEffect(() => {
    if (navigation === undefined) return;
    void speak(localeFor(navigation.locale));
    document.title = navigation.brand.name;
  }, [navigation]);
  useEffect(() => {
    // Texts of the front office's own come from the server, in the language of who asks.
    const anew = (): void =>
      void client.invalidateQueries({ predicate: ({ queryKey: [method] }) => String(method).startsWith('screens.') });
    i18n.on('languageChanged', anew);
    return () => i18n.off('languageChanged', anew);
  }, [i18n, client]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={carusoVariables}
      colorSchemeManager={schemes}
      defaultColorScheme="auto"
    >
      <FormatProvider place={place}>{children}</FormatProvider>
    </MantineProvider>
  );
}

/** Leads to the sign-in page when the session has ended, whoever noticed it. */
function SessionWatch(): null {
  const signedIn = useMe() !== null;
  useEffect(() => {
    // While a page is being opened, it asks for itself.
    if (!signedIn && router.state.status === 'idle') void router.invalidate();
  }, [signedIn]);
  return null;
}
