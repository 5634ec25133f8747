import type { Interaction, Message } from '@caruso/communication-server/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interactionsIn, messageIdOf } from './message-id.js';
import { letterOf } from './outbound.js';
import { isOurs, MailSettings } from './settings.js';

function message(changes: Partial<Message>): Message {
  const base = { id: 'm', interaction: 'i1', author: 'Vera', text: 'x', details: {}, at: '2026-01-05T08:00:00.000Z' };
  return { ...base, from: 'customer', delivery: 'received', ...changes };
}

const interaction: Interaction = {
  id: 'i1',
  channel: 'mail',
  direction: 'inbound',
  contact: { address: 'vera@example.org', name: 'Vera' },
  customer: null,
  subject: 'My invoice',
  queue: 'billing',
  skills: [],
  priority: 0,
  due: null,
  state: 'active',
  agent: 'anna',
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
};

describe('letterOf', () => {
  const asked = message({ id: 'a', details: { messageId: '<q@example.org>' } });
  const answered = message({ id: 'b', from: 'agent', details: { messageId: '<i1.b@lumen.example>' } });

  it('answers the last mail of the customer and refers to the whole thread', () => {
    const letter = letterOf(
      { interaction, message: message({ id: 'c', from: 'agent' }), thread: [asked, answered] },
      'lumen.example',
    );
    expect(letter).toMatchObject({
      to: 'vera@example.org',
      subject: 'Re: My invoice',
      messageId: '<i1.c@lumen.example>',
      inReplyTo: '<q@example.org>',
      references: ['<q@example.org>', '<i1.b@lumen.example>'],
      automatic: false,
    });
  });

  it('does not pile up Re:, and begins a thread without it', () => {
    const again = { ...interaction, subject: 'RE: My invoice' };
    expect(letterOf({ interaction: again, message: asked, thread: [asked] }, 'h').subject).toBe('RE: My invoice');
    expect(letterOf({ interaction, message: message({ from: 'machine' }), thread: [] }, 'h')).toMatchObject({
      subject: 'My invoice',
      automatic: true,
      inReplyTo: undefined,
    });
  });

  it.each(['a@b.example\r\nBcc: x@y.example', 'a@b.example, c@d.example', 'nobody', ''])(
    'refuses the address %j',
    (address) => {
      const wrong = { ...interaction, contact: { address, name: null } };
      expect(() => letterOf({ interaction: wrong, message: asked, thread: [] }, 'h')).toThrow(
        /is not one mail address/,
      );
    },
  );
});

describe('message ids', () => {
  it('lead back to their interaction, whatever the message is called', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string({ minLength: 1, maxLength: 100, unit: 'binary' }), (id, name) => {
        const written = messageIdOf(id, name, 'lumen.example');
        expect(written).toMatch(/^<[\x21-\x7e]+@lumen\.example>$/);
        expect(interactionsIn([written], 'lumen.example')).toEqual([id]);
      }),
    );
  });

  it('of other houses name no interaction', () => {
    expect(interactionsIn(['<i1.m@other.example>', '<x@lumen.example>', 'rubbish'], 'lumen.example')).toEqual([]);
  });
});

describe('MailSettings', () => {
  it('takes texts out of the environment, empty ones as absent', () => {
    const read = MailSettings.parse({ listen: '2525', smtp: '', from: 'service@lumen.example' });
    expect(read).toMatchObject({ listen: 2525, smtp: undefined, host: '127.0.0.1', maxBytes: 10_000_000 });
    expect(MailSettings.parse({ listen: '', from: 'service@lumen.example' }).listen).toBeUndefined();
    expect(MailSettings.safeParse({ listen: 'x', from: 'service@lumen.example' }).success).toBe(false);
  });

  it('takes in mail for its own addresses and domains alone', () => {
    const own = { from: 'service@lumen.example', accept: ['@desk.lumen.example'] };
    expect(isOurs(own, 'Service@Lumen.example')).toBe(true);
    expect(isOurs(own, 'x@desk.lumen.example')).toBe(true);
    expect(isOurs(own, 'x@notdesk.lumen.example')).toBe(false);
    expect(isOurs(own, 'other@lumen.example')).toBe(false);
  });
});
