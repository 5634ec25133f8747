import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { CarusoError } from './caruso-error.js';
import { createLog, type LogOptions } from './log.js';

function logged(options: LogOptions): { log: ReturnType<typeof createLog>; lines: () => string[] } {
  let text = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { log: createLog({ ...options, destination }), lines: () => text.split('\n').slice(0, -1) };
}

describe('the log', () => {
  it('writes JSON lines of its level and above', () => {
    const { log, lines } = logged({ level: 'info' });
    log.debug({ a: 1 }, 'unheard');
    log.info({ port: 8080 }, 'listening');
    expect(lines().map((line) => JSON.parse(line))).toEqual([
      { level: 30, time: expect.any(Number), port: 8080, msg: 'listening' },
    ]);
  });

  it('keeps code and cause of an error', () => {
    const { log, lines } = logged({});
    log.error({ err: new CarusoError({ code: 'X', message: 'far', cause: new Error('near') }) }, 'failed');
    expect(JSON.parse(lines()[0] ?? '')).toMatchObject({ err: { code: 'X', message: 'far: near' } });
  });

  it('is readable when it is to be pretty', () => {
    const { log, lines } = logged({ pretty: true, level: 'debug' });
    log.warn({ component: 'mail', port: 2525, from: 'a b' }, 'refused');
    log.error({ err: new Error('no route') }, 'failed');
    expect(lines()[0]).toMatch(/^\d\d:\d\d:\d\d warn {2}mail: refused {2}port=2525 {2}from="a b"$/);
    expect(lines()[1]).toMatch(/^\d\d:\d\d:\d\d error failed$/);
    expect(lines()[2]).toBe('    Error: no route');
  });

  it('says nothing when silent', () => {
    const { log, lines } = logged({ level: 'silent' });
    log.error({}, 'unheard');
    expect(lines()).toEqual([]);
  });
});
