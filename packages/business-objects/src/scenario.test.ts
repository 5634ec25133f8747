import { VirtualClock } from '@caruso/service-manager/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabases } from './databases.test.support.js';
import { play } from './scenario.test.support.js';

describe('one scenario', () => {
  const transcripts = new Map<string, string[]>();
  beforeAll(async () => {
    for (const { name, open } of testDatabases) {
      const storage = await open(new VirtualClock(Date.UTC(2026, 5, 15, 10)));
      if (storage === undefined) continue;
      try {
        transcripts.set(name, await play(storage));
      } finally {
        await storage.close();
      }
    }
  }, 120_000);

  it('is played to its end, with answers and refusals', () => {
    const played = transcripts.get('SQLite') ?? [];
    expect(played.length).toBeGreaterThan(500);
    const refusals = played.filter((line) => line.includes('"refused"'));
    expect(refusals.length).toBeGreaterThan(100);
    // Nothing of what was sent became part of a statement that the database could not run.
    expect(played.filter((line) => line.includes('STATEMENT_FAILED'))).toEqual([]);
  });

  it.each(['PostgreSQL', 'MariaDB'])('has the same answers on %s as on SQLite, text for text', (name) => {
    const other = transcripts.get(name);
    if (other === undefined) return;
    const differences = (transcripts.get('SQLite') ?? []).flatMap((line, index) =>
      line === other[index] ? [] : [{ sqlite: line, [name]: other[index] }],
    );
    expect(differences).toEqual([]);
  });
});
