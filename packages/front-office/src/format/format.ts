import type { AttributeDescription } from '@caruso/business-objects/contract';
import { durationInWords } from './duration.js';
import { relativeTime } from './relative-time.js';

export interface Money {
  amount: string | number;
  currency: string;
}

/** The locale, time zone and currency of a front office. */
export interface Place {
  locale: string;
  timezone: string;
  currency: string | null;
}

export function isMoney(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value;
}

const isoDate = /^\d{4}-\d{2}-\d{2}$/;
const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** Writes values as the people of one front office read them. */
export class Format {
  constructor(readonly place: Place) {}

  number(value: number | string, digits?: number): string {
    const options: Intl.NumberFormatOptions =
      digits === undefined
        ? // Four digits are often a year.
          { maximumFractionDigits: 6, useGrouping: 'min2' }
        : { minimumFractionDigits: digits, maximumFractionDigits: digits };
    // Intl takes decimal strings as they are; a detour over a float would lose cents of large amounts.
    return new Intl.NumberFormat(this.place.locale, options).format(value as number);
  }

  share(value: number): string {
    return new Intl.NumberFormat(this.place.locale, { style: 'percent', maximumFractionDigits: 1 }).format(value);
  }

  money({ amount, currency }: Money): string {
    return new Intl.NumberFormat(this.place.locale, { style: 'currency', currency }).format(amount as number);
  }

  /** @param iso `YYYY-MM-DD`, a day without time zone */
  date(iso: string): string {
    const options: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeZone: 'UTC' };
    return new Intl.DateTimeFormat(this.place.locale, options).format(new Date(`${iso}T00:00:00Z`));
  }

  /** @param iso ISO UTC; shown in the front office's time zone */
  dateTime(iso: string): string {
    const options: Intl.DateTimeFormatOptions = {
      dateStyle: 'medium',
      timeStyle: 'short',
      timeZone: this.place.timezone,
    };
    return new Intl.DateTimeFormat(this.place.locale, options).format(new Date(iso));
  }

  exact(iso: string): string {
    const options: Intl.DateTimeFormatOptions = { dateStyle: 'full', timeStyle: 'long', timeZone: this.place.timezone };
    return new Intl.DateTimeFormat(this.place.locale, options).format(new Date(iso));
  }

  time(iso: string): string {
    const options: Intl.DateTimeFormatOptions = { timeStyle: 'short', timeZone: this.place.timezone };
    return new Intl.DateTimeFormat(this.place.locale, options).format(new Date(iso));
  }

  relative(iso: string, now: number): string {
    return relativeTime(Date.parse(iso), now, this.place.locale);
  }

  duration(ms: number): string {
    return durationInWords(ms, this.place.locale);
  }

  /** A size of a file: 1.2 MB. */
  bytes(size: number): string {
    const [unit, scale] =
      size < 1024
        ? (['byte', 1] as const)
        : size < 1_048_576
          ? (['kilobyte', 1024] as const)
          : (['megabyte', 1_048_576] as const);
    const options: Intl.NumberFormatOptions = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 };
    return new Intl.NumberFormat(this.place.locale, options).format(size / scale);
  }

  /** A value of a business object's attribute; null: there is none. Booleans are the caller's, they need words. */
  attribute(value: unknown, attribute: Pick<AttributeDescription, 'type' | 'scale' | 'currency'>): string | null {
    if (value === null || value === undefined || value === '') return null;
    switch (attribute.type) {
      case 'integer':
      case 'number':
        return this.number(value as number | string);
      case 'decimal':
        return this.number(value as string, attribute.scale);
      case 'money': {
        if (isMoney(value)) return this.money(value);
        const currency = attribute.currency ?? this.place.currency;
        return currency === null ? this.number(value as string) : this.money({ amount: value as string, currency });
      }
      case 'date':
        return this.date(String(value));
      case 'datetime':
        return this.dateTime(String(value));
      default:
        return typeof value === 'object' ? JSON.stringify(value) : String(value);
    }
  }

  /** A value of which nothing is known but itself: what a wrapper's method gave. */
  anything(value: unknown): string | null {
    if (value === null || value === undefined || value === '') return null;
    if (isMoney(value)) return this.money(value);
    if (typeof value === 'number') return this.number(value);
    if (typeof value === 'string' && isoDate.test(value)) return this.date(value);
    if (typeof value === 'string' && isoTime.test(value)) return this.dateTime(value);
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}
