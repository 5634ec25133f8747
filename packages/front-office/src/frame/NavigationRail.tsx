import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { iconNamed } from '../ui/icons.js';
import { BrandMark } from './BrandMark.js';
import { hasPage, type Navigation, pathOf } from './pages.js';

/** The narrow navigation at the left: what this user works with. */
export function NavigationRail({ navigation }: { navigation: Navigation | undefined }): ReactElement {
  const { t } = useTranslation();
  return (
    <nav className="frame-rail" aria-label={t('frame.navigation')}>
      {navigation !== undefined && <BrandMark brand={navigation.brand} />}
      {navigation?.items.filter(hasPage).map((item) => {
        const Icon = iconNamed(item.icon);
        return (
          <Link key={pathOf(item)} to={pathOf(item)} className="rail-link">
            <Icon size={20} stroke={1.6} aria-hidden />
            {item.label}
          </Link>
        );
      })}
    </nav>
  );
}
