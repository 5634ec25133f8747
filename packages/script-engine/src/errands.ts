import type { BusinessObjects } from '@caruso/business-objects/contract';
import { type ActionOutcome, freeze, type Need, type SessionEvent } from '@caruso/dialog-script';
import {
  CarusoError,
  type Client,
  type Clock,
  type Log,
  type Principal,
  type Services,
  withinCall,
} from '@caruso/service-manager/contract';
import type { SessionRow } from './store.js';

/** What of an action's result is kept, in characters. */
const largestResult = 200_000;

interface ErrandParts {
  objects: Client<typeof BusinessObjects>;
  services: Services;
  clock: Clock;
  log: Log;
}

/** What a session has fetched and done for it by other services. It acts as the script, not as who runs it. */
export class Errands {
  constructor(readonly parts: ErrandParts) {}

  /** Finds business objects and freezes them. What cannot be found out at all is thrown. */
  async lookUp(need: Extract<Need, { kind: 'lookup' }>, row: SessionRow): Promise<SessionEvent> {
    const { step, params, visit, input } = need;
    const query = {
      object: step.record.object,
      where: step.where,
      params,
      sort: [...step.sort],
      limit: step.limit,
      include: [...step.record.include],
    };
    const call = { id: `${row.id}/${visit}`, principal: scriptPrincipal(row) };
    const { records } = await withinCall(call, () => this.parts.objects.find(query));
    const at = new Date(this.parts.clock.now()).toISOString();
    return { type: 'found', at, visit, input, records: records.map((record) => freeze(record, step.record)) };
  }

  /** Calls the method of an action under the key `call`. Never throws: what went wrong is the outcome. */
  async act(need: Extract<Need, { kind: 'action' }>, row: SessionRow, call: string): Promise<ActionOutcome> {
    const { action, arguments: given } = need;
    const about = { session: row.id, action: action.id, method: action.method };
    try {
      const result = await withinCall({ id: call, principal: scriptPrincipal(row) }, () =>
        this.parts.services.call(action.method, given, { timeout: action.timeout, id: call }),
      );
      if (action.into === undefined) return { ok: true, result: null };
      if (JSON.stringify(result ?? null).length <= largestResult) return { ok: true, result: result ?? null };
      this.parts.log.warn(about, `the result of an action is larger than ${largestResult} characters and was left out`);
      return { ok: true, result: null };
    } catch (error) {
      const code = error instanceof CarusoError ? error.code : 'ACTION_FAILED';
      const message = error instanceof Error ? error.message : String(error);
      this.parts.log.warn({ ...about, code, message }, 'an action failed');
      return { ok: false, code, message };
    }
  }
}

function scriptPrincipal(row: SessionRow): Principal {
  const attributes = { session: row.id, owner: row.owner, channel: row.channel };
  return { kind: 'script', id: row.script, name: row.script, roles: ['script'], attributes };
}
