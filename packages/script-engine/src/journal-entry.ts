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
      const by = event.turn === undefined ? {} : { by: event.turn.by };
      const data = { ...about, ...by, step: stepOf(event.visit), visit: event.visit, answers: masked(event, program) };
      return [{ type: 'ScriptSession.answered', data }];
    }
    case 'wentBack':
      return [{ type: 'ScriptSession.wentBack', data: { ...about, to: stepOf(event.visit) } }];
    case 'intended':
      return [
        {
          type: 'ScriptSession.actionIntended',
          data: { ...about, action: stepOf(event.visit), call: event.call, ...kindOf(event) },
        },
      ];
    case 'acted': {
      const { outcome } = event;
      const result = outcome.ok ? { ok: true } : { ok: false, code: outcome.code, message: outcome.message };
      return [
        { type: 'ScriptSession.acted', data: { ...about, action: stepOf(event.visit), ...kindOf(event), ...result } },
      ];
    }
    case 'signalled':
      return [{ type: 'ScriptSession.signalled', data: { ...about, step: stepOf(event.visit), signal: event.signal } }];
    case 'handedOver':
      return [{ type: 'ScriptSession.handedOver', data: { ...about, step: stepOf(event.visit) } }];
    case 'resumed':
      return [{ type: 'ScriptSession.resumed', data: { ...about, step: stepOf(event.visit), turn: event.turn } }];
    case 'paused':
      return [{ type: 'ScriptSession.paused', data: { ...about, step: stepOf(event.visit) } }];
    case 'migrated':
      return [{ type: 'ScriptSession.migrated', data: { ...about, content: event.content, to: event.version } }];
    default:
      return [];
  }
}

function kindOf({ kind }: { kind?: string }): { kind?: string } {
  return kind === undefined ? {} : { kind };
}

function masked(
  { answers, visit }: { answers: Record<string, unknown>; visit: string },
  program: Program,
): Record<string, unknown> {
  const questions = programAt(program, visit)?.questions;
  return Object.fromEntries(
    Object.entries(answers).map(([name, value]) => {
      const hidden = questions?.get(name)?.sensitive !== false && value !== null;
      return [name, hidden ? mask : value];
    }),
  );
}

/** The script that a visit belongs to, by the calls it lies in. */
function programAt(program: Program, visit: string): Program | undefined {
  let here: Program | undefined = program;
  for (const part of visit.split('/').slice(0, -1)) {
    const id = part.slice(0, part.lastIndexOf('#'));
    const call = here?.steps.find((step) => step.kind === 'call' && step.id === id);
    if (call?.kind === 'call') here = here?.scripts.get(call.script);
  }
  return here;
}
