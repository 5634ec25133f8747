import { Menu } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconDots } from '@tabler/icons-react';
import { Link, useRouterState } from '@tanstack/react-router';
import { createElement, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { iconNamed } from '../ui/icons.js';
import { BrandMark } from './BrandMark.js';
import { hasPage, type Navigation, type NavigationItem, pathOf } from './pages.js';

/** Entries that a telephone has room for; with more, the last place leads to the others. */
const PLACES = 5;

/** What this user works with: narrow at the left, on a telephone a bar at the bottom. */
export function NavigationRail({ navigation }: { navigation: Navigation | undefined }): ReactElement {
  const { t } = useTranslation();
  const isNarrow = useMediaQuery('(max-width: 700px)', false, { getInitialValueInEffect: false });
  const items = navigation?.items.filter(hasPage) ?? [];
  const shown = isNarrow && items.length > PLACES ? items.slice(0, PLACES - 1) : items;
  return (
    <nav className="frame-rail" aria-label={t('frame.navigation')}>
      {navigation !== undefined && <BrandMark brand={navigation.brand} />}
      {shown.map((item) => (
        <RailLink key={pathOf(item)} item={item} />
      ))}
      {shown.length < items.length && <MoreMenu items={items.slice(shown.length)} />}
    </nav>
  );
}

function RailLink({ item }: { item: NavigationItem }): ReactElement {
  return (
    <Link to={pathOf(item)} className="rail-link">
      {iconOf(item, 20)}
      {item.label}
    </Link>
  );
}

function iconOf({ icon }: NavigationItem, size: number): ReactElement {
  return createElement(iconNamed(icon), { size, stroke: 1.6, 'aria-hidden': true });
}

/** The entries that the bar has no room for. */
function MoreMenu({ items }: { items: readonly NavigationItem[] }): ReactElement {
  const { t } = useTranslation();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const isHere = items.some((item) => path === pathOf(item) || path.startsWith(`${pathOf(item)}/`));
  return (
    <Menu position="top-end" withinPortal={false} width={240}>
      <Menu.Target>
        <button type="button" className="rail-link" data-status={isHere ? 'active' : undefined}>
          <IconDots size={20} stroke={1.6} aria-hidden />
          {t('frame.more')}
        </button>
      </Menu.Target>
      <Menu.Dropdown className="rail-more">
        {items.map((item) => (
          <Menu.Item key={pathOf(item)} component={Link} to={pathOf(item)} leftSection={iconOf(item, 16)}>
            {item.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
