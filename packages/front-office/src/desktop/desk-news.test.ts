import { describe, expect, it } from 'vitest';
import { type Contact, type Desk, deskNews } from './desk-news.js';

const contact = (id: string, more: Partial<Contact> = {}): Contact => ({
  id,
  channel: 'chat',
  direction: 'inbound',
  contact: { address: id, name: null },
  customer: null,
  subject: '',
  queue: 'general',
  skills: [],
  priority: 0,
  due: null,
  state: 'active',
  agent: 'ann',
  createdAt: '2026-01-05T08:00:00.000Z',
  queuedAt: null,
  answeredAt: null,
  endedAt: null,
  since: '2026-01-05T08:00:00.000Z',
  disposition: null,
  note: null,
  script: null,
  scriptSession: null,
  unread: 0,
  version: 1,
  ...more,
});

const desk = (interactions: Contact[], offered: Contact[] = []): Desk => ({
  agent: {
    agent: 'ann',
    name: 'Ann',
    presence: 'ready',
    reason: null,
    activity: 'ready',
    since: '2026-01-05T08:00:00.000Z',
    availableSince: null,
    skills: {},
    queues: [],
    capacity: {},
    work: [],
  },
  interactions,
  offers: offered.map((interaction) => ({
    interaction,
    offer: { interaction: interaction.id, agent: 'ann', token: 1, expiresAt: '2026-01-05T08:01:00.000Z', reason: '' },
  })),
  waiting: [],
  presenceReasons: [],
  dispositions: [],
  wrapUpUntil: null,
});

const ids = (contacts: Contact[]): string[] => contacts.map(({ id }) => id);

describe('deskNews', () => {
  it('tells an offer once', () => {
    expect(ids(deskNews(desk([]), desk([], [contact('a')])).offered)).toEqual(['a']);
    expect(deskNews(desk([], [contact('a')]), desk([], [contact('a')])).offered).toEqual([]);
  });

  it('tells of new messages, not of old ones that are still unread', () => {
    const before = desk([contact('a', { unread: 1 }), contact('b', { unread: 1 })]);
    const after = desk([contact('a', { unread: 2 }), contact('b', { unread: 1 })]);
    expect(ids(deskNews(before, after).spoke)).toEqual(['a']);
  });

  it('tells that a customer left', () => {
    const before = desk([contact('a'), contact('b', { state: 'wrap-up' })]);
    const after = desk([contact('a', { state: 'wrap-up' }), contact('b', { state: 'wrap-up' })]);
    expect(ids(deskNews(before, after).left)).toEqual(['a']);
  });

  it('tells at the first look what is offered and unread', () => {
    const news = deskNews(undefined, desk([contact('a', { unread: 3 })], [contact('b')]));
    expect([ids(news.offered), ids(news.spoke), ids(news.left)]).toEqual([['b'], ['a'], []]);
  });
});
