import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../support/api.js';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';
import { type CollectedSpan, OtlpCollector } from '../support/otlp-collector.js';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = '00f067aa0ba902b7';

/** A wrapper that asks another service before it answers, or refuses. */
const dunning = `
import { BusinessObjects } from '@caruso/business-objects/contract';
import { CarusoError, defineComponent, defineContract, need } from '@caruso/service-manager/contract';
import { z } from 'zod';

const Dunning = defineContract({ id: 'dunning', version: '1.0.0', methods: {
  letters: { summary: 'Letters to be sent', input: z.object({}), output: z.object({ letters: z.number() }), allow: ['agent'] },
  send: { summary: 'Sends one', input: z.object({}), output: z.object({}), allow: ['agent'] },
} });

export default defineComponent({
  provides: Dunning, version: '1.0.0', needs: { objects: need(BusinessObjects, '^1.0') }, config: z.strictObject({}),
  create: ({ needs }) => ({
    handlers: {
      letters: async () => {
        const { records } = await needs.objects.find({ object: 'Customer', limit: 3 });
        return { letters: records.length };
      },
      send: () => {
        throw new CarusoError({ code: 'PRINTER_JAMMED', message: 'The printer is jammed', status: 503 });
      },
    },
  }),
});
`;

describe('a front office that is watched', () => {
  let collector: OtlpCollector;
  let office: FrontOffice;
  let anna: ApiClient;
  let ada: ApiClient;

  beforeAll(async () => {
    collector = await OtlpCollector.start();
    const folder = makeFolder(
      'utility',
      `components:
  dunning: { use: ./services/dunning.ts }
  telemetry:
    use: "@caruso/telemetry"
    config:
      name: lumen
      metrics: { port: 0 }
      traces: { url: "\${OTLP_URL:-}", headers: { authorization: "\${OTLP_TOKEN:-}" }, every: 60000 }
`,
    );
    mkdirSync(path.join(folder, 'services'));
    writeFileSync(path.join(folder, 'services', 'dunning.ts'), dunning);
    office = await FrontOffice.start(folder, { env: { OTLP_URL: collector.url, OTLP_TOKEN: 'Bearer secret' } });
    anna = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    ada = await ApiClient.signedIn(office.url, 'ada', 'lumen-demo');
  });
  afterAll(async () => {
    await office?.stop();
    await collector?.stop();
    removeFolder(office.folder);
  });

  const collected = async (of: string): Promise<(name: string) => CollectedSpan> => {
    await ada.call('telemetry.flush');
    return (name) => {
      const found = collector.spans.filter((span) => span.trace === of && span.name === name);
      expect({ name, found: found.length }).toEqual({ name, found: 1 });
      return found[0] as CollectedSpan;
    };
  };

  test('a request goes on with the trace it carries, through every service it reaches', async () => {
    const answer = await anna.json(
      'POST',
      '/api/call/dunning/letters',
      {},
      { traceparent: `00-${trace}-${parent}-01` },
    );
    expect(answer).toEqual({ letters: 3 });
    const span = await collected(trace);
    const outer = span('dunning.letters');
    const inner = span('objects.find');
    expect(outer.parent).toBe(parent);
    expect(inner.parent).toBe(outer.id);
    expect(outer.begin <= inner.begin && inner.begin <= inner.end && inner.end <= outer.end).toBe(true);
    expect(outer).toMatchObject({
      kind: 'INTERNAL',
      status: 'UNSET',
      attributes: {
        'rpc.service': 'dunning',
        'rpc.method': 'letters',
        'caruso.provider': 'dunning',
        'caruso.principal.kind': 'user',
      },
      resource: { 'service.name': 'lumen' },
    });
    // Whom it was about, and who asked, is nobody's business there.
    expect(JSON.stringify([outer.attributes, inner.attributes])).not.toContain('anna');
    expect(collector.headers[0]?.authorization).toBe('Bearer secret');
  });

  test('an error marks the span', async () => {
    const of = '0af7651916cd43dd8448eb211c80319c';
    const answer = await anna.fetch('POST', '/api/call/dunning/send', {}, { traceparent: `00-${of}-${parent}-01` });
    expect(answer.status).toBe(503);
    expect((await collected(of))('dunning.send')).toMatchObject({
      status: 'ERROR',
      message: 'The printer is jammed',
      attributes: { 'error.type': 'PRINTER_JAMMED' },
    });
  });

  test('a request without a trace begins one; one with something else in its place too', async () => {
    const before = new Set(collector.spans.map((span) => span.trace));
    await anna.json('POST', '/api/call/dunning/letters', {});
    await anna.json('POST', '/api/call/dunning/letters', {}, { traceparent: `00-${'0'.repeat(32)}-${parent}-01` });
    await anna.json('POST', '/api/call/dunning/letters', {}, { traceparent: 'x'.repeat(3000) });
    await ada.call('telemetry.flush');
    const fresh = collector.spans.filter((span) => span.name === 'dunning.letters' && !before.has(span.trace));
    expect(fresh.map((span) => span.parent)).toEqual(['', '', '']);
    expect(new Set(fresh.map((span) => span.trace)).size).toBe(3);
  });

  test('metrics count the same calls, on an address of their own', async () => {
    const { metrics } = await ada.call<{ metrics: { url: string } }>('telemetry.describe');
    expect(new URL(metrics.url).port).not.toBe(new URL(office.url).port);
    const text = await (await fetch(metrics.url)).text();
    expect(text).toMatch(/^caruso_calls_total\{contract="dunning",method="letters",provider="dunning"\} 4$/m);
    expect(text).toMatch(/^caruso_calls_failed_total\{contract="dunning",method="send",provider="dunning"\} 1$/m);
    expect(text).toMatch(/^caruso_service_state\{service="dunning",node="",state="active"\} 1$/m);
    const seriesOf = (name: string) => text.split('\n').filter((line) => line.startsWith(`${name}{`)).length;
    // Nothing that a request brings along becomes a label.
    expect(seriesOf('caruso_calls_total')).toBeLessThan(60);
    expect(await anna.fetch('POST', '/api/call/telemetry/describe', {})).toMatchObject({ status: 403 });
  });

  test('what waits is delivered when the front office stops', async () => {
    const of = 'a3ce929d0e0e47364bf92f3577b34da6';
    await anna.json('POST', '/api/call/dunning/letters', {}, { traceparent: `00-${of}-${parent}-01` });
    expect(collector.spans.filter((span) => span.trace === of)).toEqual([]);
    await office.stop();
    expect(collector.spans.filter((span) => span.trace === of).map((span) => span.name)).toContain('dunning.letters');
  });
});
