import type { Clock } from '@caruso/service-manager/contract';
import { Cron } from 'croner';

/**
 * Calls `run` at every time that `pattern` names in `timezone`, by the injected clock; a run that takes longer than the interval is not
 * overtaken. The returned function ends it.
 */
export function schedule(
  pattern: string,
  timezone: string,
  clock: Clock,
  run: (at: Date) => Promise<void>,
): () => void {
  const cron = new Cron(pattern, { paused: true, timezone });
  let cancel = () => {};
  let ended = false;
  const plan = () => {
    const next = cron.nextRun(new Date(clock.now()));
    if (ended || next === null) return;
    cancel = clock.after(next.getTime() - clock.now(), () => {
      // A timer that fires early (or is clipped to its longest delay) plans anew.
      if (clock.now() < next.getTime()) plan();
      else void run(next).finally(plan);
    });
  };
  plan();
  return () => {
    ended = true;
    cancel();
  };
}
