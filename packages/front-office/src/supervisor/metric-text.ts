import type { Format } from '../format/format.js';
import type { Figure } from './floor.js';

/** A figure as its unit wants it; null: unknown. */
export function metricText(value: number | null, unit: Figure['unit'], format: Format): string | null {
  if (value === null) return null;
  switch (unit) {
    case 'share':
      return format.share(value);
    case 'duration':
      return format.duration(value);
    case 'money':
      return format.place.currency === null
        ? format.number(value, 2)
        : format.money({ amount: value, currency: format.place.currency });
    case 'count':
    case 'number':
      return format.number(value);
  }
}
