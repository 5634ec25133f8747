import { describe, expect, it } from 'vitest';
import { afterOutboxEvent, nextToSend, type Outgoing } from './outbox.js';

const message = (messageId: string, interaction = 'a'): Outgoing => ({
  messageId,
  interaction,
  text: messageId,
  note: false,
  at: '2026-01-05T08:00:00.000Z',
  refusal: null,
});

const written = (...ids: Outgoing[]): readonly Outgoing[] =>
  ids.reduce<readonly Outgoing[]>((box, one) => afterOutboxEvent(box, { kind: 'written', message: one }), []);

describe('outbox', () => {
  it('sends in the order of writing', () => {
    const box = written(message('1'), message('2'));
    expect(nextToSend(box)?.messageId).toBe('1');
    expect(nextToSend(afterOutboxEvent(box, { kind: 'taken', messageId: '1' }))?.messageId).toBe('2');
  });

  it('takes the same message once', () => {
    expect(written(message('1'), message('1'))).toHaveLength(1);
  });

  it('keeps a refused message, and what was written after it to the same contact', () => {
    const box = afterOutboxEvent(written(message('1'), message('2'), message('3', 'b')), {
      kind: 'refused',
      messageId: '1',
      refusal: 'not yours',
    });
    expect(box).toHaveLength(3);
    expect(nextToSend(box)?.messageId).toBe('3');
    expect(nextToSend(afterOutboxEvent(box, { kind: 'retried', messageId: '1' }))?.messageId).toBe('1');
    expect(nextToSend(afterOutboxEvent(box, { kind: 'discarded', messageId: '1' }))?.messageId).toBe('2');
  });
});
