import { describe, expect, test } from 'vitest';
import { systemPrincipal } from '../call.js';
import { CarusoError } from '../caruso-error.js';
import { isOwnFailure } from '../failure.js';
import type { IncomingCall, OutgoingCall } from '../links.js';
import { createLog } from '../log.js';
import { VirtualClock } from '../virtual-clock.js';
import type { Announcement } from './announcement.js';
import { tokenUnknown } from './errors.js';
import { callPlace, encodeAnswerAt, encodeError } from './frame.js';
import { IncomingCalls } from './incoming-calls.js';
import { OutgoingCalls } from './outgoing-calls.js';
import type { Peer } from './peers.js';
import { PrincipalTokens } from './principal-token.js';
import { subjectsOf } from './subjects.js';
import { Turns } from './turns.js';

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
  const gatherers: (() => void)[] = [];
  /** What was gathered leaves now. */
  const leave = (): void => {
    for (const gather of gatherers.splice(0)) gather();
  };
  const wire = {
    connected: true,
    limit,
    publish: (subject: string, payload: Uint8Array, reply?: string) => {
      sent.push({ subject, text: Buffer.from(payload).toString(), reply });
    },
    beforeLeaving: (gather: () => void) => gatherers.push(gather),
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
    turns: new Turns(),
    answer,
    idempotent: (method) => method === 'erp.look',
    serving: (provider) => provider !== 'gone',
    node: 'erp',
  });
  /** Delivers what was sent since. */
  const deliver = async (): Promise<void> => {
    leave();
    for (let each = sent.shift(); each !== undefined; each = sent.shift()) {
      if (each.subject.endsWith('.call')) {
        incoming.receive(each.text, each.reply ?? '');
        await settled();
      } else if (each.subject.endsWith('.cancel')) incoming.cancel(each.text);
      else outgoing.receive(each.subject, each.text);
      leave();
    }
  };
  const send = (each: OutgoingCall): Promise<unknown> =>
    new Promise((answered, failed) => outgoing.send(peer, each, { answered, failed }));
  return { clock, wire, sent, outgoing, incoming, unheard, deliver, leave, send };
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
    const { outgoing, deliver, clock, send } = pair(async (incoming) => {
      seen = incoming;
      return { ok: true };
    });
    const answer = send(request({ ancestors: ['p'] }, { deadline: clock.now() + 250 }));
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
    const { outgoing, incoming, sent, deliver, leave, send } = pair(async ({ principal }) => seen.push(principal.id));
    const sizes: number[] = [];
    const call = async (id: string): Promise<unknown> => {
      const answer = send(request({}, { id }));
      leave();
      sizes.push(sent[0]?.text.length ?? 0);
      await deliver();
      return answer;
    };
    await call('1');
    await call('2');
    expect(sizes[1]).toBeLessThan(sizes[0] ?? 0);
    const answer = send(request({}, { id: '3' }));
    leave();
    // As of a node that has forgotten: it knows neither the token nor the call.
    const parcel = sent.shift()?.reply?.split('.').at(-1) ?? '';
    outgoing.receive('_INBOX.a.answers', encodeAnswerAt(callPlace(parcel, 0), encodeError(tokenUnknown())));
    leave();
    expect(sent[0]?.text.length).toBe(sizes[0]);
    await deliver();
    expect(await answer).toBe(3);
    expect(seen).toEqual(['caruso', 'caruso', 'caruso']);
    incoming.receive(`["r0","guessed"]\n${JSON.stringify(['4', null, 'erp', 'erp', 'order', 0])}\n{}`, '_INBOX.b.1');
    leave();
    expect(sent[0]?.text).toContain('TOKEN_UNKNOWN');
  });

  test('that nobody waits for any more is withdrawn there', async () => {
    let aborted = false;
    let began = (): void => {};
    const beginning = new Promise<void>((resolve) => (began = resolve));
    const { incoming, sent, leave, send } = pair(({ begun: tell }) => {
      tell?.(() => (aborted = true));
      began();
      return new Promise(() => {});
    });
    const controller = new AbortController();
    const answer = send(request({}, { signal: controller.signal }));
    leave();
    const call = sent.shift();
    incoming.receive(call?.text ?? '', call?.reply ?? '');
    await beginning;
    controller.abort();
    await expect(answer).rejects.toMatchObject({ code: 'CALL_CANCELLED' });
    incoming.cancel(sent.shift()?.text ?? '');
    expect(aborted).toBe(true);
  });

  test('is given up when its deadline has passed', async () => {
    const { outgoing, clock, sent, leave, send } = pair(async () => 1);
    const answer = send(request({}, { deadline: clock.now() + 10 }));
    const outcome = answer.catch((error: unknown) => error);
    leave();
    await clock.advance(10);
    outgoing.sweep();
    expect(await outcome).toMatchObject({ code: 'CALL_TIMED_OUT' });
    expect(sent.map((each) => each.subject)).toEqual([subjects.call('erp', 'r1'), subjects.cancel('erp', 'r1')]);
  });

  test('that nobody heard was surely not delivered; those sent before it are lost, those after it not yet', async () => {
    const { outgoing, unheard, leave, send } = pair(async () => 1);
    const calls = [1, 2, 3].map(() => {
      const answer = send(request());
      leave();
      return answer;
    });
    outgoing.unheard('_INBOX.a.2');
    await expect(calls[0]).rejects.toMatchObject({ code: 'NODE_LOST', details: { delivered: null } });
    await expect(calls[1]).rejects.toMatchObject({ code: 'NODE_UNREACHABLE', details: { delivered: false } });
    expect(unheard).toEqual([peer]);
    outgoing.unheard('_INBOX.a.3');
    await expect(calls[2]).rejects.toMatchObject({ code: 'NODE_UNREACHABLE' });
    expect(outgoing.inFlight).toBe(0);
  });

  test('leaves with all others of its turn for the same node, and comes back with them', async () => {
    const { sent, deliver, leave, send } = pair(async ({ input }) => input, 20_000);
    const answers = Array.from({ length: 40 }, (_, n) => send(request({ method: 'look', input: n }, { id: `c${n}` })));
    leave();
    expect(sent.map((each) => each.text.split('\n').length)).toEqual([65, 17]);
    for (const { text } of sent) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(20_000);
    await deliver();
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });

  test('that would make the message too large leaves in one of its own', async () => {
    const { outgoing, sent, deliver, leave, send } = pair(async ({ input }) => input, 1_000);
    const inputs = ['x'.repeat(500), 'é'.repeat(250), 'y', 'z'.repeat(600)];
    const answers = inputs.map((input, n) => send(request({ input }, { id: `c${n}` })));
    leave();
    expect(sent.length).toBeGreaterThan(1);
    for (const { text } of sent) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000);
    await deliver();
    expect(await Promise.all(answers)).toEqual(inputs);
    expect(outgoing.inFlight).toBe(0);
  });

  test('that is withdrawn before it left is not sent, unless others leave with it', async () => {
    const { clock, outgoing, sent, leave, send } = pair(async () => 1);
    const outcome = send(request({}, { deadline: clock.now() + 10 })).catch((error: unknown) => error);
    await clock.advance(10);
    outgoing.sweep();
    expect(await outcome).toMatchObject({ code: 'CALL_TIMED_OUT' });
    leave();
    expect(sent).toEqual([]);
  });

  test('that is tried again as soon as the node is lost is not lost with the others', async () => {
    const { outgoing, leave } = pair(async () => 1);
    const seen: string[] = [];
    const answered = (): void => {};
    const failed = (error: unknown): void => {
      seen.push((error as CarusoError).code);
      outgoing.send(peer, request(), { answered, failed });
    };
    outgoing.send(peer, request(), { answered, failed });
    leave();
    outgoing.lost(peer, 'it had lost its connection to NATS');
    expect(seen).toEqual(['NODE_LOST']);
    expect(outgoing.inFlight).toBe(1);
  });

  test('fails fast without a connection', async () => {
    const { wire, sent, send } = pair(async () => 1);
    wire.connected = false;
    await expect(send(request())).rejects.toMatchObject({ code: 'NODE_UNREACHABLE' });
    expect(sent).toEqual([]);
  });

  test('too large for the server says both sizes; an answer too', async () => {
    const { deliver, send } = pair(async () => 'y'.repeat(2_000), 1_000);
    await expect(send(request({ input: 'é'.repeat(600) }))).rejects.toMatchObject({
      code: 'CALL_TOO_LARGE',
      message: expect.stringMatching(/^The call of erp.order has 1\d{3} bytes, the NATS server takes 1000 at most$/),
    });
    const answer = send(request());
    const outcome = answer.catch((error: unknown) => error);
    await deliver();
    expect(await outcome).toMatchObject({
      code: 'CALL_TOO_LARGE',
      message: 'The answer of erp.order has 2042 bytes, the NATS server takes 1000 at most',
    });
  });

  test('with what is no plain data is refused, as is such an answer', async () => {
    const { deliver, send } = pair(async () => ({ amount: 1n }));
    await expect(send(request({ input: { f: () => 1 } }))).rejects.toMatchObject({
      code: 'NOT_PLAIN_DATA',
      message: 'The input of erp.order cannot travel to another node: f is a function',
    });
    const answer = send(request());
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
    const { incoming, sent, leave } = pair(async () => ran++);
    const { token } = new PrincipalTokens('lumen', 'another secret altogether').issue(systemPrincipal, 0);
    const parcel = [JSON.stringify(['r9', token]), JSON.stringify(['c1', null, 'erp', 'erp', 'order', 0]), '{}'];
    incoming.receive(parcel.join('\n'), '_INBOX.b.1');
    leave();
    expect(sent[0]?.text).toContain('NODE_NOT_TRUSTED');
    expect(ran).toBe(0);
  });

  test('never runs twice, and is answered twice, unless its method is idempotent', async () => {
    const ran: string[] = [];
    const { deliver, send } = pair(async ({ method }) => ran.push(method));
    const answers = [
      send(request()),
      send(request()),
      send(request({ method: 'look' })),
      send(request({ method: 'look' })),
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
    const { deliver, send } = pair(async () => {
      throw nested;
    });
    const outcomes = ['gone', 'erp'].map((provider) => {
      return send(request({ provider })).catch((error: unknown) => (error as CarusoError).details);
    });
    await deliver();
    expect(await Promise.all(outcomes)).toEqual([
      { method: 'erp.order', node: 'erp', delivered: false },
      { method: 'tax.rate', delivered: true },
    ]);
  });

  test('that failed may be tried again', async () => {
    let tries = 0;
    const { deliver, send } = pair(async () => {
      if (tries++ === 0) throw new CarusoError({ code: 'BUSY', message: 'busy' });
      return 'done';
    });
    const first = send(request());
    const outcome = first.catch((error: unknown) => error);
    await deliver();
    expect(await outcome).toMatchObject({ code: 'BUSY' });
    const second = send(request());
    await deliver();
    expect(await second).toBe('done');
  });

  test('is aborted when the node it came from has gone', async () => {
    let aborted = false;
    const { incoming, sent, leave, send } = pair(({ begun }) => {
      begun?.(() => (aborted = true));
      return new Promise(() => {});
    });
    void send(request());
    leave();
    const call = sent.shift();
    incoming.receive(call?.text ?? '', call?.reply ?? '');
    incoming.callerGone('another');
    expect(aborted).toBe(false);
    incoming.callerGone('r0');
    expect(aborted).toBe(true);
  });

  test('that fails with an error that is not of Caruso is a fault of the component', async () => {
    const { deliver, send } = pair(async () => {
      throw new TypeError('x is undefined');
    });
    const answer = send(request());
    const outcome = answer.catch((error: unknown) => error);
    await deliver();
    expect(await outcome).toMatchObject({ code: 'COMPONENT_FAULT', message: 'x is undefined' });
  });
});
