import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import objects from '@caruso/business-objects';
import communication from '@caruso/communication-server';
import { Communication } from '@caruso/communication-server/contract';
import { createDeclarations, folderOf } from '@caruso/declarations';
import scripts from '@caruso/script-engine';
import { Scripts } from '@caruso/script-engine/contract';
import { createServiceManager, type ServiceManager } from '@caruso/service-manager';
import { actingAs, type Log, type Principal, VirtualClock } from '@caruso/service-manager/contract';
import storage from '@caruso/storage-manager';
import { Journal } from '@caruso/storage-manager/contract';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import chat from './component.js';
import { Chat, type ChatView } from './contract.js';

const packages = path.resolve(import.meta.dirname, '../..');
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const vera: Principal = { kind: 'visitor', id: 'v1', name: 'visitor', roles: ['public'] };
const anna: Principal = { kind: 'user', id: 'anna', name: 'anna', roles: ['agent'] };

const welcome = `<script id="welcome" version="1" xml:lang="en" schema="1.1" channels="chat">
  <meta><title>Assistant</title></meta>
  <on event="no-match" if="session.attempt >= 3" to="colleague"/>
  <section id="s">
    <question id="ask" name="about" type="one" required="yes" timeout="60s"><say>What is it about?</say>
      <say count="2">Please choose.</say>
      <option value="bill"><say>A bill</say></option><option value="other"><say>Something else</say></option></question>
    <form id="who"><say>Who are you?</say><note>Do not read this out.</note>
      <question id="n" name="no" type="text" required="yes"><say>Customer number</say></question>
      <question id="d" name="day" type="date"><say>Day of the bill</say></question>
      <next to="colleague" if="about = 'other'"/></form>
    <question id="sign" name="signature" type="signature" if="no = 'sign'"><say>Please sign.</say></question>
    <end id="e" outcome="told"><say>The bill of <value of="day"/> is paid.</say></end>
    <escalate id="colleague" queue="second"><say>A colleague helps you.</say></escalate>
    <question id="agreed" name="agreed" type="text" required="yes"><say>What was agreed?</say><note>Secret.</note></question>
    <end id="f" outcome="agreed"/>
  </section></script>`;
const queues = `queues: { general: { label: General }, second: { label: Second } }
channels: { chat: { queue: general, script: welcome, greeting: Never said } }`;

let manager: ServiceManager;
let clock: VirtualClock;

async function open(url: string): Promise<void> {
  const model = (name: string) => {
    const folder = path.join(packages, name, 'declarations/model');
    return readdirSync(folder).map((file) => [`model/${file}`, readFileSync(path.join(folder, file), 'utf8')]);
  };
  const files = Object.fromEntries([...model('communication-server'), ...model('script-engine')]);
  const databases = { main: { url, managed: true } };
  clock = new VirtualClock();
  manager = createServiceManager({ clock, log });
  manager.install(
    'declarations',
    createDeclarations(folderOf({ ...files, 'queues.yaml': queues, 'scripts/welcome.xml': welcome }, { databases }))
      .component,
  );
  manager.install('storage', storage, { folder: '/' });
  manager.install('objects', objects);
  manager.install('communication', communication);
  manager.install('scripts', scripts);
  manager.install('chat', chat);
  await manager.start();
  await manager.settled();
}
beforeEach(() => open('sqlite::memory:'));
afterEach(() => manager.stop());

const as = <T>(principal: Principal, work: () => Promise<T>): Promise<T> => actingAs(principal, work);
const client = () => manager.services.use(Chat, '^1.0');
const server = () => manager.services.use(Communication, '^1.0');
let ids = 0;
const begin = () =>
  as(vera, () => client().open({ name: 'Vera', text: 'Good day', messageId: `m${++ids}`, language: 'en' }));
const say = ({ interaction }: { interaction: string }, text: string, messageId = `m${++ids}`) =>
  as(vera, () => client().say({ interaction, text, messageId }));
const last = ({ messages }: ChatView) => messages.at(-1)?.text;

describe('a dialog script leads the customer of a chat', () => {
  it('understands numbers and words, asks again, puts a form one by one, and comes to its end without a person', async () => {
    let view = await begin();
    expect(view).toMatchObject({ state: 'ivr', position: null, agent: null });
    expect(view.messages.map(({ from, author, text }) => `${from} ${author}: ${text}`)).toEqual([
      'customer Vera: Good day',
      'machine Assistant: What is it about?\n1. A bill\n2. Something else\nType a number or the words.',
    ]);
    view = await say(view, 'the weather');
    expect(last(view)).toContain('Please choose.');
    view = await say(view, 'a BILL');
    expect(last(view)).toBe('Who are you?\nCustomer number');
    view = await say(view, 'back');
    expect(last(view)).toContain('1. A bill');
    view = await say(view, '1');
    view = await say(view, 'C1');
    expect(last(view)).toBe('Day of the bill\nType "skip" to leave it out.');
    view = await say(view, '31-1-2026');
    expect(last(view)).toBe('The bill of 31 January 2026 is paid.');
    expect(view.state).toBe('done');
    expect(JSON.stringify(view)).not.toContain('read this out');
    expect(await as(vera, () => client().current({}))).toMatchObject({ interaction: view.interaction, state: 'done' });
    await clock.advance(2 * 3_600_000);
    expect(await as(vera, () => client().current({}))).toBeNull();
    expect((await begin()).interaction).not.toBe(view.interaction);
  });

  it('hands over with all that was said: the agent sees the answers and goes on with the same script, the customer sees no note', async () => {
    await server().defineAgent({ agent: 'anna', name: 'Anna', queues: ['general', 'second'] });
    let view = await begin();
    for (const text of ['2', 'C7', '1-2-2026']) view = await say(view, text);
    expect(last(view)).toContain('A colleague helps you.');
    expect(view).toMatchObject({ state: 'queued', position: 1 });
    const { interaction } = view;
    const taken = await as(anna, async () => {
      await server().setPresence({ presence: 'ready' });
      const { offers } = await vi.waitFor(async () => {
        const desk = await server().desktop({});
        expect(desk.offers).toHaveLength(1);
        return desk;
      }, 5000);
      const contact = await server().accept({ interaction, token: offers[0]?.offer.token ?? 0 });
      expect(contact).toMatchObject({ queue: 'second', script: 'welcome' });
      const session = contact.scriptSession ?? '';
      return manager.services.use(Scripts, '^1.0').resume({ session, messageId: 'take', channel: 'agent' });
    });
    expect(taken.answers.map(({ name, value }) => [name, value])).toEqual([
      ['about', 'other'],
      ['no', 'C7'],
      ['day', '2026-02-01'],
    ]);
    expect(taken.step).toMatchObject({ id: 'agreed', notes: [[{ text: 'Secret.' }]] });
    // The customer talks with the person now, not with the script.
    view = await say(view, 'hello Anna');
    expect(last(view)).toBe('hello Anna');
    const events = await manager.services.use(Journal, '^1.0').read({});
    const wire = JSON.stringify([view, events.filter(({ audience }) => audience.includes('visitor:v1'))]);
    expect(wire).not.toMatch(/Secret|read this out/);
    await as(anna, () => {
      const to = { session: taken.session, seq: taken.seq, messageId: 'agreed' };
      return manager.services.use(Scripts, '^1.0').answer({ ...to, answers: { agreed: 'a call' } });
    }).then(({ outcome }) => expect(outcome).toBe('agreed'));
  });

  it('gives the customer to a person who asks for one, is not understood, or is asked what a chat cannot answer', async () => {
    const asked = await say(await begin(), 'Agent');
    expect(asked.state).toBe('queued');
    expect(last(asked)).toContain('put through to a person');
    await as(vera, () => client().leave(asked));
    let lost = await begin();
    for (const text of ['x', 'y']) lost = await say(lost, text);
    expect(lost.state).toBe('queued');
    await as(vera, () => client().leave(lost));
    let unsuited = await begin();
    for (const text of ['1', 'sign', 'skip']) unsuited = await say(unsuited, text);
    expect(last(unsuited)).toContain('I need a person for this.');
    expect((await say(unsuited, 'my name')).state).toBe('queued');
  });

  it("takes a dialog of self-service over with its answers into a chat with a person, the visitor's own alone", async () => {
    const sessions = manager.services.use(Scripts, '^1.0');
    const begun = await as(vera, () => sessions.start({ script: 'welcome', channel: 'chat' }));
    const to = { session: begun.session, seq: begun.seq, messageId: 'a' };
    const { seq } = await as(vera, () => sessions.answer({ ...to, answers: { about: 'other' } }));
    await as(vera, () => sessions.signal({ ...to, seq, messageId: 'b', event: 'wants-human' }));
    const opening = { name: 'Vera', text: 'Help', messageId: 'c', session: begun.session };
    const stranger: Principal = { ...vera, id: 'v2' };
    await expect(as(stranger, () => client().open(opening))).rejects.toMatchObject({ code: 'SESSION_UNKNOWN' });
    const view = await as(vera, () => client().open(opening));
    expect(view).toMatchObject({ state: 'queued', messages: [{ text: 'Help' }, { text: 'Never said' }] });
    const contact = await server().get(view);
    expect(contact?.scriptSession).toBe(begun.session);
    const taken = await as(anna, () =>
      sessions.resume({ session: begun.session, messageId: 'take', channel: 'agent' }),
    );
    expect(taken.answers.map(({ value }) => value)).toEqual(['other']);
  });

  it('answers a message once, however often it comes', async () => {
    const view = await begin();
    const [one, two] = await Promise.all([say(view, '1', 'twice'), say(view, '1', 'twice')]);
    const again = await say(view, '1', 'twice');
    expect(again.messages).toHaveLength(4);
    expect([one, two].map(last)).toEqual([last(again), last(again)]);
  });

  it('asks a silent customer again, three times, then takes it for gone, and tells the dialog of one who leaves', async () => {
    const view = await begin();
    const said = async () => (await server().read(view)).messages.map(({ text }) => text);
    for (let asked = 2; asked <= 4; asked += 1) {
      await clock.advance(60_000);
      await vi.waitFor(async () => expect(await said()).toHaveLength(asked + 1));
    }
    expect((await said()).at(-1)).toContain('Please choose.');
    await clock.advance(60_000);
    await vi.waitFor(async () => expect((await server().read(view)).interaction.state).toBe('abandoned'));
    const other = await begin();
    await as(vera, () => client().leave(other));
    const [silent, ended] = await manager.services.use(Journal, '^1.0').read({ types: ['ScriptSession.ended'] });
    expect(silent?.data).toMatchObject({ outcome: 'hung-up', interaction: view.interaction });
    expect(ended?.data).toMatchObject({ outcome: 'hung-up', interaction: other.interaction });
  });

  it('answers after a crash what was said before it', async () => {
    await manager.stop();
    const folder = mkdtempSync(path.join(tmpdir(), 'caruso-bot-'));
    const url = `sqlite:${path.join(folder, 'chat.db')}`;
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    await open(url);
    const view = await begin();
    // As a process leaves it that dies when the message was stored.
    await server().receive({
      channel: 'chat',
      messageId: 'late',
      contact: { address: 'v1', name: 'Vera' },
      text: '1',
      interaction: view.interaction,
    });
    await manager.stop();
    await open(url);
    const now = await as(vera, () => client().current({}));
    expect(now && last(now)).toBe('Who are you?\nCustomer number');
  });
});
