import { describe, expect, it } from 'vitest';
import { isStale } from './stale.js';

const event = (type: string, changed: string[] = [], key?: string) => ({
  kind: 'event' as const,
  seq: 1,
  type,
  subject: key === undefined ? null : { object: changed[0] ?? '', key },
  changed,
});

describe('isStale', () => {
  it('reads a list anew when a record of it changed, not when another object did', () => {
    expect(isStale('objects.find', { object: 'Loan' }, event('Loan.updated', ['Loan'], '7'))).toBe(true);
    expect(isStale('objects.find', { object: 'Loan' }, event('Card.updated', ['Card'], '7'))).toBe(false);
    expect(isStale('objects.find', { object: 'Loan', include: ['card'] }, event('Card.updated', ['Card'], '7'))).toBe(
      true,
    );
  });

  it('reads one record anew only when it changed itself', () => {
    expect(isStale('objects.get', { object: 'Loan', key: '7' }, event('Loan.updated', ['Loan'], '7'))).toBe(true);
    expect(isStale('objects.get', { object: 'Loan', key: '8' }, event('Loan.updated', ['Loan'], '7'))).toBe(false);
  });

  it('reads the desk anew for what concerns contacts and agents', () => {
    expect(isStale('communication.desktop', {}, event('interaction.offered', ['Interaction']))).toBe(true);
    expect(isStale('communication.desktop', {}, event('agent.presence'))).toBe(true);
    expect(isStale('communication.desktop', {}, event('Loan.updated', ['Loan']))).toBe(false);
  });

  it('reads a running script anew when somebody went on with it, and only then', () => {
    const answered = event('ScriptSession.answered', ['ScriptSession', 'ScriptVisit'], 's');
    expect(isStale('scripts.view', { session: 's' }, answered)).toBe(true);
    expect(isStale('scripts.view', { session: 'other' }, answered)).toBe(false);
    expect(isStale('scripts.list', { channel: 'agent' }, answered)).toBe(false);
    expect(isStale('scripts.view', { session: 's' }, event('interaction.offered', ['Interaction']))).toBe(false);
  });

  it('reads what a wrapper gave anew with every change', () => {
    expect(isStale('ledger.balance', { client: 'K1' }, event('Loan.updated', ['Loan']))).toBe(true);
  });
});
