import { NativeSelect } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { choose, LANGUAGES } from '../i18n.js';

/** The languages there are, each in its own words. */
export function LanguageSelect({ label }: { label?: boolean }): ReactElement {
  const { t, i18n } = useTranslation();
  return (
    <NativeSelect
      size="xs"
      {...(label === true ? { label: t('frame.language') } : { 'aria-label': t('frame.language') })}
      data={LANGUAGES.map((value) => ({ value, label: nameIn(value) }))}
      value={i18n.language}
      onChange={(event) => void choose(event.currentTarget.value)}
    />
  );
}

function nameIn(language: string): string {
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}
