import { describe, expect, it } from 'vitest';
import { HIDDEN, withoutSecrets, withSecrets } from './secret-values.js';

const written = {
  url: 'https://ada:hunter2@erp.example/api',
  database: 'postgres://reader:${DB_PASSWORD}@db/erp',
  password: 'hunter2',
  apiKey: '${ERP_KEY}',
  token: '${TOKEN:-abc}',
  keys: [{ secret: 'x' }],
  passage: 'shown',
  days: 30,
};

describe('secrets of a configuration', () => {
  it('are hidden, names of variables are not', () => {
    expect(withoutSecrets(written)).toEqual({
      url: `https://ada:${HIDDEN}@erp.example/api`,
      database: 'postgres://reader:${DB_PASSWORD}@db/erp',
      password: HIDDEN,
      apiKey: '${ERP_KEY}',
      token: HIDDEN,
      keys: [{ secret: HIDDEN }],
      passage: 'shown',
      days: 30,
    });
  });

  it('stay what they were when they come back hidden', () => {
    const shown = withoutSecrets(written) as typeof written;
    expect(withSecrets({ ...shown, days: 14 }, written)).toEqual({ ...written, days: 14 });
  });

  it('are not sent elsewhere, nor written into a file', () => {
    const shown = withoutSecrets(written) as typeof written;
    for (const change of [
      { url: `https://ada:${HIDDEN}@evil.example/` },
      { password: 'new' },
      { token: 'new' },
      { other: HIDDEN },
    ]) {
      expect(() => withSecrets({ ...shown, ...change }, written)).toThrow(
        expect.objectContaining({ code: 'SECRET_IN_CLEAR' }),
      );
    }
    expect(withSecrets({ password: '${NEW}' }, written)).toEqual({ password: '${NEW}' });
  });
});
