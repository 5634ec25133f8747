import { afterAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../support/api.js';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';

interface Snapshot {
  interactions: { id: string; state: string; subject: string; agent: string | null }[];
  agents: { agent: string; presence: string }[];
}

describe('after kill -9', () => {
  const folder = makeFolder('utility');
  afterAll(() => removeFolder(folder));

  test('waiting and active interactions, messages, sessions and the running script are there again', async () => {
    const first = await FrontOffice.start(folder);
    const anna = await ApiClient.signedIn(first.url, 'anna', 'lumen-demo');
    await anna.call('communication.setPresence', { presence: 'ready' });

    const talking = new ApiClient(first.url);
    await talking.call('chat.open', { name: 'Jan', email: 'jan.bakker@example.com', text: 'hello', messageId: 'm1' });
    const offer = await first.until('an offer', async () => {
      const desk = await anna.call<{ offers: { offer: { token: number }; interaction: { id: string } }[] }>(
        'communication.desktop',
      );
      return desk.offers[0];
    });
    await anna.call('communication.accept', { interaction: offer.interaction.id, token: offer.offer.token });
    await anna.call('communication.send', { interaction: offer.interaction.id, text: 'good morning', messageId: 'a1' });
    await anna.call('communication.setPresence', { presence: 'away', reason: 'Break' });

    const waiting = new ApiClient(first.url);
    const queued = await waiting.call<{ interaction: string }>('chat.open', {
      name: 'Nora',
      text: 'anybody there?',
      messageId: 'm2',
    });
    const script = await waiting.call<{ session: string; seq: number }>('scripts.start', {
      script: 'meter-reading',
      channel: 'web',
    });

    await first.stop('SIGKILL');
    const second = await FrontOffice.start(folder, { port: Number(new URL(first.url).port) });
    try {
      const sam = await ApiClient.signedIn(second.url, 'sam', 'lumen-demo');
      const snapshot = await sam.call<Snapshot>('communication.snapshot');
      const states = Object.fromEntries(snapshot.interactions.map((each) => [each.id, each.state]));
      expect(states).toEqual({ [offer.interaction.id]: 'active', [queued.interaction]: 'queued' });
      expect(snapshot.agents.find((each) => each.agent === 'anna')?.presence).toBe('away');

      // Cookies and sessions outlive the process, too.
      const { messages } = await anna.call<{ messages: { text: string }[] }>('communication.conversation', {
        interaction: offer.interaction.id,
      });
      expect(messages.map((message) => message.text)).toEqual(['hello', 'How can we help?', 'good morning']);
      const view = await waiting.call<{ seq: number; script: string }>('scripts.view', { session: script.session });
      expect(view).toMatchObject({ seq: script.seq, script: 'meter-reading' });
      const chat = await waiting.call<{ state: string; position: number }>('chat.current');
      expect(chat).toMatchObject({ state: 'queued', position: 1 });
    } finally {
      await second.stop();
    }
  });
});
