import type { BusinessObjects, ModelApi } from '@caruso/business-objects/contract';
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
/** Milliseconds before an action is tried again; doubled each time. */
const firstPause = 200;

interface ErrandParts {
  objects: Client<typeof BusinessObjects>;
  model: ModelApi;
  services: Services;
  clock: Clock;
  log: Log;
}

/** A call that a session has made for it. */
export interface Order {
  /** Of the action, for the log. */
  action: string;
  method: string;
  arguments: Record<string, unknown>;
  /** Milliseconds. */
  timeout: number;
  retry: number;
  /** Whether the result is wanted. */
  result: boolean;
}

/** What a session has fetched and done for it by other services. It acts as the script, not as who runs it. */
export class Errands {
  constructor(readonly parts: ErrandParts) {}

  /** Finds business objects and freezes them. What cannot be found out at all is thrown. */
  async lookUp(need: Extract<Need, { kind: 'lookup' }>, row: SessionRow): Promise<SessionEvent> {
    const { query, params, visit, input, key } = need;
    const { record, where, sort, limit } = query;
    const chosen = key === undefined ? undefined : this.#byKey(record.object, key);
    const at = () => new Date(this.parts.clock.now()).toISOString();
    if (chosen === null) return { type: 'found', at: at(), visit, input, records: [] };
    const call = { id: `${row.id}/${visit}`, principal: scriptPrincipal(row) };
    const { records } = await withinCall(call, () =>
      this.parts.objects.find({
        object: record.object,
        where: chosen === undefined ? where : `(${where}) and ${chosen.where}`,
        params: { ...params, ...chosen?.params },
        sort: [...sort],
        limit,
        include: [...record.include],
      }),
    );
    return { type: 'found', at: at(), visit, input, records: records.map((each) => freeze(each, record)) };
  }

  /** Objects of a reference whose text fits. */
  async search(
    query: Extract<Need, { kind: 'lookup' }>['query'],
    params: Record<string, unknown>,
    text: string,
    row: SessionRow,
  ): Promise<{ key: string; display: string }[]> {
    const call = { id: `${row.id}/search`, principal: scriptPrincipal(row) };
    const wanted = { object: query.record.object, where: query.where, params, limit: 20 };
    const { records } = await withinCall(call, () =>
      this.parts.objects.find(text === '' ? wanted : { ...wanted, search: text }),
    );
    return records.map(({ key, display }) => ({ key, display }));
  }

  /** Calls a method under a key, again where it may and should be. Never throws: what went wrong is the outcome. */
  async act(order: Order, row: SessionRow, call: string): Promise<ActionOutcome> {
    for (let attempt = 0; ; attempt++) {
      const { outcome, again } = await this.#try(order, row, call);
      if (outcome.ok || !again || attempt >= order.retry) return outcome;
      await this.#pause(firstPause * 2 ** attempt);
    }
  }

  async #try(order: Order, row: SessionRow, call: string): Promise<{ outcome: ActionOutcome; again: boolean }> {
    const about = { session: row.id, action: order.action, method: order.method };
    const { log, services } = this.parts;
    try {
      const result = await withinCall({ id: call, principal: scriptPrincipal(row) }, () =>
        services.call(order.method, order.arguments, { timeout: order.timeout, id: call }),
      );
      if (!order.result) return { outcome: { ok: true, result: null }, again: false };
      if (JSON.stringify(result ?? null).length <= largestResult) {
        return { outcome: { ok: true, result: result ?? null }, again: false };
      }
      log.warn(about, `the result of an action is larger than ${largestResult} characters and was left out`);
      return { outcome: { ok: true, result: null }, again: false };
    } catch (error) {
      const code = error instanceof CarusoError ? error.code : 'ACTION_FAILED';
      const message = error instanceof Error ? error.message : String(error);
      log.warn({ ...about, code, message }, 'an action failed');
      // What the service refused it will refuse again; what it did not answer it may answer.
      const again = !(error instanceof CarusoError) || error.status >= 500 || error.code === 'CALL_TIMED_OUT';
      return { outcome: { ok: false, code, message }, again };
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.parts.clock.after(milliseconds, resolve);
    });
  }

  /** A condition for the one object of a key; null where the text is no key of it. */
  #byKey(object: string, key: string): { where: string; params: Record<string, unknown> } | null {
    try {
      const values = Object.entries(this.parts.model.decodeKey(object, key));
      return {
        where: values.map(([name], index) => `${name} = script_key_${index + 1}`).join(' and '),
        params: Object.fromEntries(values.map(([, value], index) => [`script_key_${index + 1}`, value])),
      };
    } catch {
      return null;
    }
  }
}

function scriptPrincipal(row: SessionRow): Principal {
  const attributes = { session: row.id, owner: row.owner, channel: row.channel };
  return { kind: 'script', id: row.script, name: row.script, roles: ['script'], attributes };
}
