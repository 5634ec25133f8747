import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import objects from '@caruso/business-objects';
import communication from '@caruso/communication-server';
import { Channel, Communication } from '@caruso/communication-server/contract';
import { createDeclarations, folderOf } from '@caruso/declarations';
import { createServiceManager, type ServiceManager } from '@caruso/service-manager';
import { actingAs, type Log, type Principal, VirtualClock } from '@caruso/service-manager/contract';
import storage from '@caruso/storage-manager';
import { Journal } from '@caruso/storage-manager/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import chat from './component.js';
import { Chat } from './contract.js';

const model = path.resolve(import.meta.dirname, '../../communication-server/declarations/model');
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const visitor = (id: string): Principal => ({ kind: 'visitor', id, name: 'visitor', roles: ['public'] });
const anna: Principal = { kind: 'user', id: 'anna', name: 'anna', roles: ['agent'] };

let manager: ServiceManager;

beforeEach(async () => {
  const files = Object.fromEntries(
    readdirSync(model).map((name) => [`model/${name}`, readFileSync(path.join(model, name), 'utf8')]),
  );
  const queues = 'queues: { general: { label: General } }\nchannels: { chat: { queue: general, greeting: Welcome } }';
  const databases = { main: { url: 'sqlite::memory:', managed: true } };
  manager = createServiceManager({ clock: new VirtualClock(), log });
  manager.install(
    'declarations',
    createDeclarations(folderOf({ ...files, 'queues.yaml': queues }, { databases })).component,
  );
  manager.install('storage', storage, { folder: '/' });
  manager.install('objects', objects);
  manager.install('communication', communication);
  manager.install('chat', chat);
  await manager.start();
  await manager.settled();
});
afterEach(() => manager.stop());

const as = <T>(principal: Principal, work: () => Promise<T>): Promise<T> => actingAs(principal, work);
const client = () => manager.services.use(Chat, '^1.0');
const server = () => manager.services.use(Communication, '^1.0');
const opening = { name: 'Vera', text: 'My light is out', messageId: 'm1' };

async function answer(): Promise<string> {
  await server().defineAgent({ agent: 'anna', name: 'Anna de Vries', queues: ['general'] });
  return as(anna, async () => {
    await server().setPresence({ presence: 'ready' });
    const { offers } = await vi.waitFor(async () => {
      const desk = await server().desktop({});
      expect(desk.offers).toHaveLength(1);
      return desk;
    }, 5000);
    const { interaction, token } = offers[0]?.offer ?? { interaction: '', token: 0 };
    await server().accept({ interaction, token });
    return interaction;
  });
}

describe('a chat', () => {
  it('is opened, waits in its place, is answered by name, and ends', async () => {
    const first = await as(visitor('v1'), () => client().open(opening));
    const second = await as(visitor('v2'), () => client().open(opening));
    expect([first.position, second.position]).toEqual([1, 2]);
    expect(first).toMatchObject({ state: 'queued', agent: null });
    const interaction = await answer();
    expect(interaction).toBe(first.interaction);
    await as(anna, () => server().send({ interaction, text: 'I am looking into it' }));
    await as(anna, () => server().send({ interaction, text: 'rude customer', note: true }));
    const seen = await as(visitor('v1'), () => client().say({ interaction, text: 'thanks', messageId: 'm2' }));
    expect(seen).toMatchObject({ state: 'active', agent: 'Anna de Vries', position: null });
    expect(seen.messages.map(({ from, author, text }) => `${from} ${author}: ${text}`)).toEqual([
      'customer Vera: My light is out',
      'machine General: Welcome',
      'agent Anna de Vries: I am looking into it',
      'customer Vera: thanks',
    ]);
    expect(JSON.stringify(seen)).not.toMatch(/rude|"anna"/);
    expect((await as(visitor('v1'), () => client().leave({ interaction }))).state).toBe('wrap-up');
    await expect(
      as(visitor('v1'), () => client().say({ interaction, text: 'x', messageId: 'm3' })),
    ).rejects.toMatchObject({ code: 'CHAT_ENDED' });
    expect((await as(visitor('v2'), () => client().leave({ interaction: second.interaction }))).state).toBe(
      'abandoned',
    );
    expect(await as(visitor('v2'), () => client().current({}))).toBeNull();
  });

  it('is one conversation, however often it is opened, and survives a reload', async () => {
    const views = await as(visitor('v1'), () =>
      Promise.all([
        client().open(opening),
        client().open(opening),
        client().open({ ...opening, text: 'Are you there?', messageId: 'm2' }),
      ]),
    );
    expect(new Set(views.map((view) => view.interaction)).size).toBe(1);
    const current = await as(visitor('v1'), () => client().current({}));
    expect(current?.messages.map((message) => message.text)).toEqual(['My light is out', 'Welcome', 'Are you there?']);
  });

  it('takes the same message once', async () => {
    const { interaction } = await as(visitor('v1'), () => client().open(opening));
    const say = () => as(visitor('v1'), () => client().say({ interaction, text: 'hello?', messageId: 'same' }));
    await Promise.all([say(), say()]);
    expect((await say()).messages.filter((message) => message.text === 'hello?')).toHaveLength(1);
  });

  it('belongs to the visitor who opened it', async () => {
    const { interaction } = await as(visitor('v1'), () => client().open(opening));
    const attempts = [
      () => client().say({ interaction, text: 'x', messageId: 'm' }),
      () => client().leave({ interaction }),
      () => client().say({ interaction: 'guessed', text: 'x', messageId: 'm' }),
    ];
    for (const attempt of attempts) {
      await expect(as(visitor('v2'), attempt)).rejects.toMatchObject({ code: 'CHAT_UNKNOWN', status: 404 });
    }
    expect(await as(visitor('v2'), () => client().current({}))).toBeNull();
  });

  it('tells its own visitor of every event but of notes', async () => {
    const { interaction } = await as(visitor('v1'), () => client().open(opening));
    await answer();
    await as(anna, () => server().send({ interaction, text: 'secret', note: true }));
    const events = await manager.services
      .use(Journal, '^1.0')
      .read({ subject: { object: 'Interaction', key: interaction } });
    const told = events.filter((event) => event.audience.includes('visitor:v1')).map((event) => event.type);
    expect(told).toEqual(
      expect.arrayContaining(['Interaction.received', 'Interaction.queued', 'Message.written', 'Interaction.answered']),
    );
    expect(events.filter((event) => event.audience.length === 0).map((event) => event.type)).toEqual(['Message.noted']);
  });

  it('is a channel that is live and real', async () => {
    expect(await manager.services.use(Channel, '^1.0', { provider: 'chat' }).describe({})).toEqual({
      channel: 'chat',
      label: 'Chat',
      simulated: false,
      live: true,
      address: null,
    });
  });
});
