import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../support/api.js';
import { FrontOffice, makeFolder, removeFolder, waitFor } from '../support/front-office.js';
import { MailPeer } from '../support/mail-peer.js';

interface Desktop {
  interactions: { id: string; subject: string; customer: { object: string; key: string } | null }[];
  offers: { offer: { token: number }; interaction: { id: string; subject: string; channel: string } }[];
}

/** Answers the customer of a contact with what the agent chooses. */
const reply = `<script id="reply" version="1" xml:lang="en" schema="1.1" channels="agent"><param name="contact" type="text"/>
  <section id="s"><question id="what" name="text" type="text" required="yes"><say>What do we answer?</say></question>
  <action id="send" do="communication.send"><arg name="interaction" expr="contact"/><arg name="text" expr="text"/>
  <fail to="not-sent"/></action><end id="done" outcome="answered"/><end id="not-sent" outcome="failed"/></section></script>`;

describe('mail', () => {
  let peer: MailPeer;
  let office: FrontOffice;
  let port: number;

  beforeAll(async () => {
    peer = await MailPeer.start();
    port = 20_000 + (process.pid % 20_000);
    const folder = makeFolder('utility');
    mkdirSync(path.join(folder, 'scripts'));
    writeFileSync(path.join(folder, 'scripts', 'reply.xml'), reply);
    // The example's campaign, at a pace for a test.
    mkdirSync(path.join(folder, 'campaigns'));
    writeFileSync(path.join(folder, 'campaigns', 'reading-reminder.yaml'), 'pace: 1200 per minute\n');
    office = await FrontOffice.start(folder, { env: { SMTP_URL: peer.url, MAIL_PORT: String(port) } });
  });
  afterAll(async () => {
    await office?.stop();
    await peer?.stop();
    removeFolder(office.folder);
  });

  test('that comes in is routed to the right agent, answered, and the answer arrives in the thread', async () => {
    const anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    await anna.call('communication.setPresence', { presence: 'ready' });
    await peer.send(port, {
      from: 'Jan Bakker <jan.bakker@example.com>',
      to: 'service@lumen.example',
      subject: 'Question about my invoice',
      text: 'Why is it so high?',
    });
    const offered = await office.until('an offer of the mail', async () => {
      const desk = await anna.call<Desktop>('communication.desktop');
      return desk.offers.find((each) => each.interaction.subject === 'Question about my invoice');
    });
    expect(offered.interaction.channel).toBe('mail');
    const interaction = offered.interaction.id;
    const accepted = await anna.call<{ customer: unknown; queue: string }>('communication.accept', {
      interaction,
      token: offered.offer.token,
    });
    expect(accepted.customer).toEqual({ object: 'Customer', key: 'C100002' });
    expect(accepted.queue).toBe('billing');

    await anna.call('communication.send', { interaction, text: 'It covers two months.', messageId: 'reply-1' });
    await anna.call('communication.send', { interaction, text: 'It covers two months.', messageId: 'reply-1' });
    const answer = await waitFor('the answer at the customer', () => peer.received[0]);
    expect(answer.from?.text).toContain('service@lumen.example');
    expect(answer.subject).toBe('Re: Question about my invoice');
    expect(answer.text).toContain('It covers two months.');
    expect(answer.inReplyTo).toMatch(/^<.+@.+>$/);

    // The customer's reply continues the same conversation.
    await peer.send(port, {
      from: 'jan.bakker@example.com',
      to: 'service@lumen.example',
      subject: 'Re: Question about my invoice',
      text: 'Thank you!',
      inReplyTo: answer.messageId ?? '',
    });
    const texts = await office.until('the reply in the thread', async () => {
      const { messages } = await anna.call<{ messages: { text: string }[] }>('communication.conversation', {
        interaction,
      });
      return messages.length >= 3 ? messages.map((message) => message.text.trim()) : undefined;
    });
    expect(texts).toEqual(['Why is it so high?', 'It covers two months.', 'Thank you!']);
    expect(peer.received).toHaveLength(1);
  });

  test('that a script sends leaves once, however often its answer is posted: double click, two tabs, a replay', async () => {
    const anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    const before = peer.received.length;
    const { interactions } = await anna.call<Desktop>('communication.desktop');
    const contact = interactions.find(({ subject }) => subject === 'Question about my invoice')?.id;
    const start = { script: 'reply', channel: 'agent', params: { contact } };
    const { session, seq } = await anna.call<{ session: string; seq: number }>('scripts.start', start);
    const post = (messageId: string): Promise<string> =>
      anna
        .call<{ outcome: string }>('scripts.answer', {
          session,
          seq,
          messageId,
          answers: { text: 'We pay you back.' },
        })
        .then(
          ({ outcome }) => outcome,
          (error: Error) => /"code":"(\w+)"/.exec(error.message)?.[1] ?? error.message,
        );
    // The same button twice at once, another window that shows the same step, and the browser's own second try.
    const [click, again, other, third] = await Promise.all(['click', 'click', 'other', 'click'].map(post));
    expect([again, third]).toEqual([click, click]);
    expect([click, other].toSorted()).toEqual(['SESSION_STALE', 'answered']);
    expect([await post('click'), await post('other')]).toEqual([click, other]);
    expect(await post('later')).toBe('SESSION_STALE');
    await waitFor('the mail of the script', () => peer.received[before]);
    // What is sent after it arrives after it.
    await anna.call('communication.send', { interaction: contact, text: 'Goodbye.' });
    await waitFor('the next mail', () => peer.received.find(({ text }) => text?.includes('Goodbye.') === true));
    expect(peer.received.slice(before).filter(({ text }) => text?.includes('We pay you back.') === true)).toHaveLength(
      1,
    );
  });

  test('with a broken part is kept whole, shown, and what is readable is still routed', async () => {
    const broken = [
      'From: sophie.visser@example.com',
      'To: service@lumen.example',
      'Subject: broken',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="never-closed"',
      '',
      '--never-closed',
      'Content-Type: text/plain; charset=no-such-charset',
      'Content-Transfer-Encoding: base64',
      '',
      '%%%% this is not base64 %%%%',
    ].join('\r\n');
    await peer.send(port, { from: 'sophie.visser@example.com', to: 'service@lumen.example', raw: broken });
    const anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    const kept = await office.until('the broken mail in the kept items', async () => {
      const { items } = await anna.call<{ items: { from: string | null; raw: string; error: string }[] }>(
        'communication.kept',
      );
      return items[0];
    });
    expect(kept.raw).toContain('this is not base64');
    expect(kept.from).toContain('sophie.visser@example.com');
    expect(kept.error).not.toBe('');
    expect(office.running).toBe(true);
  });

  test('of a campaign goes to each customer once, and an answer to it is a contact like any other', async () => {
    const sam = await ApiClient.signedIn(office.url, 'sam', 'lumen-demo');
    const before = peer.received.length;
    const { total } = await sam.call<{ total: number }>('communication.startCampaign', {
      campaign: 'reading-reminder',
    });
    const state = async () => {
      const { campaigns } = await sam.call<{ campaigns: Record<string, unknown>[] }>('communication.snapshot');
      return campaigns[0];
    };
    await office.until(
      'the campaign to finish',
      async () => ((await state())?.['sent'] === total ? true : undefined),
      60_000,
    );
    const mails = peer.received.slice(before);
    const recipients = mails.map((mail) =>
      [mail.to ?? []]
        .flat()
        .map((to) => to.text)
        .join(),
    );
    expect(total).toBeGreaterThan(10);
    expect(new Set(recipients).size).toBe(total);
    expect(mails).toHaveLength(total);
    const mail = mails.find((each) => each.text?.includes('C100002'));
    expect(mail?.text).toContain('Dear Jan Bakker');

    await peer.send(port, {
      from: 'jan.bakker@example.com',
      to: 'service@lumen.example',
      subject: `Re: ${mail?.subject}`,
      text: 'It shows 2100.',
      inReplyTo: mail?.messageId ?? '',
    });
    await office.until('the answer to be counted', async () =>
      (await state())?.['answered'] === 1 ? true : undefined,
    );
  });
});
