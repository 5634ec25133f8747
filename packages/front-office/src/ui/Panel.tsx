import { Title } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';

/** A part of a page with its heading. */
export function Panel({
  title,
  wide = false,
  children,
}: {
  title: string;
  wide?: boolean;
  children: ReactNode;
}): ReactElement {
  return (
    <section className={`sheet panel${wide ? ' wide' : ''}`} aria-label={title}>
      <Title order={2}>{title}</Title>
      {children}
    </section>
  );
}
