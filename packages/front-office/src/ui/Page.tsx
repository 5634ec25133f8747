import { Title } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';

/** A screen of the frame: its title, its actions, its content. */
export function Page({
  title,
  actions,
  children,
}: {
  title: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}): ReactElement {
  return (
    <div className="page">
      <div className="page-head">
        <Title order={1}>{title}</Title>
        {actions}
      </div>
      {children}
    </div>
  );
}
