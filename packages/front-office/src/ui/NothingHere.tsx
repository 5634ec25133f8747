import { Stack, Text } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';

/** An empty place that says why it is empty and what to do next. */
export function NothingHere({
  title,
  hint,
  children,
}: {
  title: string;
  hint?: string;
  children?: ReactNode;
}): ReactElement {
  return (
    <Stack align="center" gap="xs" p="lg" ta="center">
      <IconInbox size={28} stroke={1.4} color="var(--mantine-color-dimmed)" aria-hidden />
      <Text fw={600}>{title}</Text>
      {hint !== undefined && (
        <Text size="sm" c="dimmed" maw={360}>
          {hint}
        </Text>
      )}
      {children}
    </Stack>
  );
}
