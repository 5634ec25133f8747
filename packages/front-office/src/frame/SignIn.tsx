import { Alert, Anchor, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, type ReactElement, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Fault } from '../client/fault.js';
import { signIn } from '../client/session.js';
import { useCall } from '../client/use-call.js';
import { LanguageSelect } from '../ui/LanguageSelect.js';

export function SignIn(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { to } = useSearch({ from: '/sign-in' });
  const brand = useCall('screens.navigation', {}).data?.brand;
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const passwordInput = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFault(null);
    try {
      await signIn(user.trim(), password);
      // Only a path of this application: a foreign address in the link must not be followed.
      await navigate({ href: to?.startsWith('/') === true && !to.startsWith('//') ? to : '/' });
    } catch (error) {
      setFault(Fault.from(error));
      setPassword('');
      passwordInput.current?.focus();
    } finally {
      setBusy(false);
    }
  };

  return (
    <main style={{ minHeight: '100dvh', display: 'grid', placeItems: 'center', padding: 16 }}>
      <Paper component="form" withBorder p="xl" w="100%" maw={380} radius="lg" onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          <div>
            <Title order={1}>{brand?.name ?? t('signIn.title')}</Title>
            <Text size="sm" c="dimmed">
              {t('signIn.intro')}
            </Text>
          </div>
          {fault !== null && (
            <Alert
              color="red"
              variant="outline"
              role="alert"
              title={fault.serverAway ? t('fault.unreachable') : fault.message}
            >
              {fault.remedy}
            </Alert>
          )}
          <TextInput
            label={t('signIn.user')}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            autoFocus
            required
            withAsterisk={false}
            value={user}
            onChange={(event) => setUser(event.currentTarget.value)}
          />
          <PasswordInput
            ref={passwordInput}
            label={t('signIn.password')}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" loading={busy}>
            {t('signIn.submit')}
          </Button>
          <Anchor href="/self-service" size="sm">
            {t('signIn.selfService')}
          </Anchor>
          <LanguageSelect />
        </Stack>
      </Paper>
    </main>
  );
}
