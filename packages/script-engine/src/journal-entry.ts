import { mask, type Program, type SessionEvent, stepOf } from '@caruso/dialog-script';
import type { NewEvent } from '@caruso/storage-manager/contract';
import type { SessionRow } from './store.js';

/** What the journal tells of an event of a session. Sensitive answers are masked; what was refused is not told. */
export function tell(event: SessionEvent, program: Program, row: SessionRow): NewEvent[] {
  const about = { script: row.script, version: row.version, channel: row.channel, interaction: row.interaction };
  switch (event.type) {
    case 'started':
      return [{ type: 'ScriptSession.started', data: { ...about, params: event.params } }];
    case 'answered': {
      const data = { ...about, step: stepOf(event.visit), answers: masked(event.answers, program) };
      return [{ type: 'ScriptSession.answered', data }];
    }
    case 'wentBack':
      return [{ type: 'ScriptSession.wentBack', data: { ...about, to: stepOf(event.visit) } }];
    case 'intended':
      return [
        { type: 'ScriptSession.actionIntended', data: { ...about, action: stepOf(event.visit), call: event.call } },
      ];
    case 'acted': {
      const { outcome } = event;
      const result = outcome.ok ? { ok: true } : { ok: false, code: outcome.code, message: outcome.message };
      return [{ type: 'ScriptSession.acted', data: { ...about, action: stepOf(event.visit), ...result } }];
    }
    default:
      return [];
  }
}

function masked(answers: Record<string, unknown>, program: Program): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(answers).map(([name, value]) => {
      const hidden = program.questions.get(name)?.sensitive === true && value !== null;
      return [name, hidden ? mask : value];
    }),
  );
}
