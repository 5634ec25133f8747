import { DateTime } from 'luxon';
import type { PeriodName } from './metrics-file.js';

/** Local days [from, to), YYYY-MM-DD. */
export interface Period {
  from: string;
  to: string;
}

/** The local days that a period's name means at a moment (ms UTC) in a time zone. Weeks begin on Monday. */
export function periodOf(name: PeriodName, now: number, zone: string): Period {
  const today = DateTime.fromMillis(now, { zone }).startOf('day');
  const tomorrow = today.plus({ days: 1 });
  switch (name) {
    case 'today':
      return days(today, tomorrow);
    case 'yesterday':
      return days(today.minus({ days: 1 }), today);
    case 'this week':
      return days(today.startOf('week'), tomorrow);
    case 'last 7 days':
      return days(tomorrow.minus({ days: 7 }), tomorrow);
    case 'last 30 days':
      return days(tomorrow.minus({ days: 30 }), tomorrow);
    case 'this month':
      return days(today.startOf('month'), tomorrow);
    case 'last month':
      return days(today.startOf('month').minus({ months: 1 }), today.startOf('month'));
  }
}

/** Today's local midnight and the next one, ms UTC. */
export function todayOf(now: number, zone: string): { from: number; to: number } {
  const start = DateTime.fromMillis(now, { zone }).startOf('day');
  return { from: start.toMillis(), to: start.plus({ days: 1 }).startOf('day').toMillis() };
}

function days(from: DateTime, to: DateTime): Period {
  return { from: from.toISODate() ?? '', to: to.toISODate() ?? '' };
}
