import { describe, expect, test } from 'vitest';
import { systemPrincipal } from '../call.js';
import { CarusoError } from '../caruso-error.js';
import { isOwnFailure } from '../failure.js';
import type { IncomingCall, OutgoingCall } from '../links.js';
import { createLog } from '../log.js';
import { VirtualClock } from '../virtual-clock.js';
import type { Announcement } from './announcement.js';
import { tokenUnknown } from './errors.js';
import { encodeError } from './frame.js';
import { IncomingCalls } from './incoming-calls.js';
import { OutgoingCalls } from './outgoing-calls.js';
import type { Peer } from './peers.js';
import { PrincipalTokens } from './principal-token.js';
import { subjectsOf } from './subjects.js';

const secret = 'a secret of twenty-four c';
const subjects = subjectsOf('lumen');
const peer: Peer = { node: 'erp', run: 'r1', heard: 0, announcement: { node: 'erp', run: 'r1' } as Announcement };

/** Until nothing is left to do. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Sent {
  subject: string;
  text: string;
  reply: string | undefined;
}

/** Both ends of the carriage, with what was published between them kept. */
function pair(answer: (incoming: IncomingCall) => Promise<unknown>, limit = 1_000) {
  const clock = new VirtualClock();
  const sent: Sent[] = [];
  const wire = {
    connected: true,
    limit,
    publish: (subject: string, payload: Uint8Array, reply?: string) => {
      sent.push({ subject, text: Buffer.from(payload).toString(), reply });
    },
  };
  const unheard: Peer[] = [];
  const outgoing = new OutgoingCalls({
    wire,
    subjects,
    tokens: new PrincipalTokens('lumen', secret),
    clock,
    run: () => 'r0',
    inbox: '_INBOX.a',
    onUnheard: (each) => unheard.push(each),
  });
  const incoming = new IncomingCalls({
    wire,
    tokens: new PrincipalTokens('lumen', secret),
    clock,
    log: createLog({ level: 'silent' }),
    answer,
    idempotent: (method) => method === 'erp.look',
    serving: (provider) => provider !== 'gone',
    node: 'erp',
  });
  /** Delivers what was sent since. */
  const deliver = async (): Promise<void> => {
    for (let each = sent.shift(); each !== undefined; each = sent.shift()) {
      if (each.subject.endsWith('.call')) {
        incoming.receive(each.text, each.reply ?? '');
        await settled();
      } else if (each.subject.endsWith('.cancel')) incoming.cancel(each.text);
      else outgoing.receive(each.subject, each.text);
    }
  };
  return { clock, wire, sent, outgoing, incoming, unheard, deliver };
}

function request(more: Partial<OutgoingCall> = {}, call: Partial<OutgoingCall['call']> = {}): OutgoingCall {
  return {
    provider: 'erp',
    contract: 'erp',
    method: 'order',
    input: { n: 1 },
    call: { id: 'c1', principal: systemPrincipal, ...call },
    ancestors: [],
    ...more,
  };
}

describe('a call to another node', () => {
  test('takes along who acts and how long there is, and brings the answer', async () => {
    let seen: IncomingCall | undefined;
    const { outgoing, deliver, clock } = pair(async (incoming) => {
      seen = incoming;
      return { ok: true };
    });
    const answer = outgoing.send(peer, request({ ancestors: ['p'] }, { deadline: clock.now() + 250 }));
    await deliver();
    expect(await answer).toEqual({ ok: true });
    expect(seen).toMatchObject({
      provider: 'erp',
      contract: 'erp',
      method: 'order',
      id: 'c1',
      timeout: 250,
      principal: systemPrincipal,
      ancestors: ['p'],
    });
    expect(outgoing.inFlight).toBe(0);
  });

  test('says only the first time in full who acts, and again where that was forgotten', async () => {
    const seen: string[] = [];
    const { outgoing, incoming, sent, deliver } = pair(async ({ principal }) => seen.push(principal.id));
    const sizes: number[] = [];
    const call = async (id: string): Promise<unknown> => {
      const answer = outgoing.send(peer, request({}, { id }));
      sizes.push(sent[0]?.text.length ?? 0);
      await deliver();
      return answer;
    };
    await call('1');
    await call('2');
    expect(sizes[1]).toBeLessThan(sizes[0] ?? 0);
    const answer = outgoing.send(peer, request({}, { id: '3' }));
    // As of a node that has forgotten: it knows neither the token nor the call.
    const reply = sent.shift()?.reply ?? '';
    outgoing.receive(reply, encodeError(tokenUnknown()));
    expect(sent[0]?.text.length).toBe(sizes[0]);
    await deliver();
    expect(await answer).toBe(3);
    expect(seen).toEqual(['caruso', 'caruso', 'caruso']);
    incoming.receive(`${JSON.stringify(['4', null, 'erp', 'erp', 'order', 'guessed', 'r0'])}\n{}`, '_INBOX.b.1');
    expect(sent[0]?.text).toContain('TOKEN_UNKNOWN');
  });

  test('that nobody waits for any more is withdrawn there', async () => {
    let aborted = false;
    let began = (): void => {};
    const beginning = new Promise<void>((resolve) => (began = resolve));
    const { outgoing, incoming, sent } = pair(({ begun: tell }) => {
      tell?.(() => (aborted = true));
      began();
      return new Promise(() => {});
    });
    const controller = new AbortController();
    const answer = outgoing.send(peer, request({}, { signal: controller.signal }));
    const call = sent.shift();
    incoming.receive(call?.text ?? '', call?.reply ?? '');
    await beginning;
    controller.abort();
    await expect(answer).rejects.toMatchObject({ code: 'CALL_CANCELLED' });
    incoming.cancel(sent.shift()?.text ?? '');
    expect(aborted).toBe(true);
  });

  test('is given up when its deadline has passed', async () => {
    const { outgoing, clock, sent } = pair(async () => 1);
    const answer = outgoing.send(peer, request({}, { deadline: clock.now() + 10 }));
    const outcome = answer.catch((error: unknown) => error);
    await clock.advance(10);
    outgoing.sweep();
    expect(await outcome).toMatchObject({ code: 'CALL_TIMED_OUT' });
    expect(sent.map((each) => each.subject)).toEqual([subjects.call('erp', 'r1'), subjects.cancel('erp', 'r1')]);
  });

  test('that nobody heard was surely not delivered; those sent before it are lost, those after it not yet', async () => {
    const { outgoing, unheard } = pair(async () => 1);
    const calls = [1, 2, 3].map(() => outgoing.send(peer, request()));
    outgoing.unheard('_INBOX.a.2');
    await expect(calls[0]).rejects.toMatchObject({ code: 'NODE_LOST', details: { delivered: null } });
    await expect(calls[1]).rejects.toMatchObject({ code: 'NODE_UNREACHABLE', details: { delivered: false } });
    expect(unheard).toEqual([peer]);
    outgoing.unheard('_INBOX.a.3');
    await expect(calls[2]).rejects.toMatchObject({ code: 'NODE_UNREACHABLE' });
    expect(outgoing.inFlight).toBe(0);
  });

  test('fails fast without a connection', async () => {
    const { outgoing, wire, sent } = pair(async () => 1);
    wire.connected = false;
    await expect(outgoing.send(peer, request())).rejects.toMatchObject({ code: 'NODE_UNREACHABLE' });
    expect(sent).toEqual([]);
  });

  test('too large for the server says both sizes; an answer too', async () => {
    const { outgoing, deliver } = pair(async () => 'y'.repeat(2_000), 1_000);
    await expect(outgoing.send(peer, request({ input: 'é'.repeat(600) }))).rejects.toMatchObject({
      code: 'CALL_TOO_LARGE',
      message: expect.stringMatching(/^The call of erp.order has 1\d{3} bytes, the NATS server takes 1000 at most$/),
    });
    const answer = outgoing.send(peer, request());
    const outcome = answer.catch((error: unknown) => error);
    await deliver();
    expect(await outcome).toMatchObject({
      code: 'CALL_TOO_LARGE',
      message: 'The answer of erp.order has 2003 bytes, the NATS server takes 1000 at most',
    });
  });

  test('with what is no plain data is refused, as is such an answer', async () => {
    const { outgoing, deliver } = pair(async () => ({ amount: 1n }));
    await expect(outgoing.send(peer, request({ input: { f: () => 1 } }))).rejects.toMatchObject({
      code: 'NOT_PLAIN_DATA',
      message: 'The input of erp.order cannot travel to another node: f is a function',
    });
    const answer = outgoing.send(peer, request());
    const outcome = answer.catch((error: unknown) => error);
    await deliver();
    expect(await outcome).toMatchObject({
      message: expect.stringContaining('The answer of erp.order cannot travel to another node: amount is a'),
    });
  });
});

describe('a call from another node', () => {
  test('that is not signed with the secret of the cluster does not run', async () => {
    let ran = 0;
    const { incoming, sent } = pair(async () => ran++);
    const { token, signature } = new PrincipalTokens('lumen', 'another secret altogether').issue(systemPrincipal, 0);
    const head = JSON.stringify(['c1', null, 'erp', 'erp', 'order', signature, 'r9', [], null, token]);
    incoming.receive(`${head}\n{}`, '_INBOX.b.1');
    expect(sent[0]?.text).toContain('NODE_NOT_TRUSTED');
    expect(ran).toBe(0);
  });

  test('never runs twice, and is answered twice, unless its method is idempotent', async () => {
    const ran: string[] = [];
    const { outgoing, deliver } = pair(async ({ method }) => ran.push(method));
    const answers = [
      outgoing.send(peer, request()),
      outgoing.send(peer, request()),
      outgoing.send(peer, request({ method: 'look' })),
      outgoing.send(peer, request({ method: 'look' })),
    ];
    await deliver();
    expect(await Promise.all(answers)).toEqual([1, 1, 2, 3]);
    expect(ran).toEqual(['order', 'look', 'look']);
  });

  test('whose provider has just left was not delivered; one that met such a provider itself was', async () => {
    const nested = new CarusoError({
      code: 'NODE_UNREACHABLE',
      message: 'another',
      status: 503,
      details: { method: 'tax.rate', delivered: false },
    });
    isOwnFailure(nested, {});
    const { outgoing, deliver } = pair(async () => {
      throw nested;
    });
    const outcomes = ['gone', 'erp'].map((provider) => {
      return outgoing.send(peer, request({ provider })).catch((error: unknown) => (error as CarusoError).details);
    });
    await deliver();
    expect(await Promise.all(outcomes)).toEqual([
      { method: 'erp.order', node: 'erp', delivered: false },
      { method: 'tax.rate', delivered: true },
    ]);
  });

  test('that failed may be tried again', async () => {
    let tries = 0;
    const { outgoing, deliver } = pair(async () => {
      if (tries++ === 0) throw new CarusoError({ code: 'BUSY', message: 'busy' });
      return 'done';
    });
    const first = outgoing.send(peer, request());
    const outcome = first.catch((error: unknown) => error);
    await deliver();
    expect(await outcome).toMatchObject({ code: 'BUSY' });
    const second = outgoing.send(peer, request());
    await deliver();
    expect(await second).toBe('done');
  });

  test('is aborted when the node it came from has gone', async () => {
    let aborted = false;
    const { outgoing, incoming, sent } = pair(({ begun }) => {
      begun?.(() => (aborted = true));
      return new Promise(() => {});
    });
    void outgoing.send(peer, request());
    const call = sent.shift();
    incoming.receive(call?.text ?? '', call?.reply ?? '');
    incoming.callerGone('another');
    expect(aborted).toBe(false);
    incoming.callerGone('r0');
    expect(aborted).toBe(true);
  });

  test('that fails with an error that is not of Caruso is a fault of the component', async () => {
    const { outgoing, deliver } = pair(async () => {
      throw new TypeError('x is undefined');
    });
    const answer = outgoing.send(peer, request());
    const outcome = answer.catch((error: unknown) => error);
    await deliver();
    expect(await outcome).toMatchObject({ code: 'COMPONENT_FAULT', message: 'x is undefined' });
  });
});
