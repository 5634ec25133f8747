import { Anchor } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { NothingHere } from '../ui/NothingHere.js';

export function UnknownPage(): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="page">
      <NothingHere title={t('frame.unknownPage')} hint={t('frame.unknownPageHint')}>
        <Anchor href="/">{t('frame.toStart')}</Anchor>
      </NothingHere>
    </div>
  );
}
