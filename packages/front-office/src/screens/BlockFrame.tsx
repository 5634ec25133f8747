import { Title } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';

/** The sheet a block stands on, with its heading and its action. */
export function BlockFrame({
  label,
  action,
  children,
}: {
  label?: string | undefined;
  action?: ReactNode;
  children: ReactNode;
}): ReactElement {
  return (
    <section className="sheet block" {...(label === undefined ? {} : { 'aria-label': label })}>
      {(label !== undefined || action !== undefined) && (
        <div className="block-head">
          <Title order={2} size="h3">
            {label}
          </Title>
          {action}
        </div>
      )}
      {children}
    </section>
  );
}
