import { createContext, type ReactElement, type ReactNode, useContext, useMemo } from 'react';
import { Format, type Place } from './format.js';

const Current = createContext(new Format({ locale: 'en', timezone: 'UTC', currency: null }));

/** Tells every screen below it how to write numbers, money and times. */
export function FormatProvider({ place, children }: { place: Place; children: ReactNode }): ReactElement {
  const { locale, timezone, currency } = place;
  const format = useMemo(() => new Format({ locale, timezone, currency }), [locale, timezone, currency]);
  return <Current value={format}>{children}</Current>;
}

export function useFormat(): Format {
  return useContext(Current);
}
