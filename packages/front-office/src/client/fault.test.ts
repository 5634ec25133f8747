import { describe, expect, it } from 'vitest';
import { Fault } from './fault.js';

describe('a fault of status 503', () => {
  const error = { code: 'ERP_UNREACHABLE', message: 'The ERP does not answer', status: 503 };

  it('that the server wrote itself is no absence of the server', () => {
    expect(new Fault({ ...error, request: 'r1' })).toMatchObject({ unreachable: true, serverAway: false });
  });

  it('that a proxy wrote is one, and so is no answer', () => {
    expect(new Fault(error).serverAway).toBe(true);
    expect(new Fault({ code: 'SERVER_UNREACHABLE', message: '', status: 0 }).serverAway).toBe(true);
  });
});
