import { type CallBeginning, CarusoError, systemPrincipal, VirtualClock } from '@caruso/service-manager/contract';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  type Sampler,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import { callTraces } from './call-traces.js';
import { SteadyTime } from './steady-time.js';

function traced(sampler?: Sampler) {
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  const provider = new TracerProvider(sampler === undefined ? { spanProcessors } : { spanProcessors, sampler });
  const clock = new VirtualClock();
  let ended = 0;
  const observe = callTraces(provider.getTracer('test'), new SteadyTime(clock), () => ended++);
  return { observe, clock, spans: () => exporter.getFinishedSpans(), ended: () => ended };
}

function beginning(more: Partial<CallBeginning> = {}, trace?: string): CallBeginning {
  const call = { id: 'c1', principal: { ...systemPrincipal, name: 'Anna de Vries' }, trace };
  return { call, contract: 'billing', method: 'balance', provider: 'erp', generation: 2, incoming: false, ...more };
}

test('a call is a span that says who answered, and nothing of what it was about', async () => {
  const { observe, clock, spans, ended } = traced();
  const end = observe(beginning());
  await clock.advance(20);
  end?.(undefined);
  const [span] = spans();
  expect(span).toMatchObject({ name: 'billing.balance', kind: SpanKind.INTERNAL, duration: [0, 20_000_000] });
  expect(span?.attributes).toEqual({
    'rpc.system': 'caruso',
    'rpc.service': 'billing',
    'rpc.method': 'balance',
    'caruso.provider': 'erp',
    'caruso.generation': 2,
    'caruso.call': 'c1',
    'caruso.principal.kind': 'system',
  });
  expect(span?.status.code).toBe(SpanStatusCode.UNSET);
  expect(ended()).toBe(1);
});

test('a call goes on with the trace it carries, and hands its own on', () => {
  const { observe, spans } = traced();
  const outer = beginning({}, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  const endOuter = observe(outer);
  const inner = beginning({ method: 'pay' }, outer.call.trace);
  observe(inner)?.(undefined);
  endOuter?.(undefined);
  const [pay, balance] = spans();
  expect(balance?.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  expect(balance?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  expect(pay?.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  expect(pay?.parentSpanContext?.spanId).toBe(balance?.spanContext().spanId);
  expect(inner.call.trace).toBe(`00-0af7651916cd43dd8448eb211c80319c-${pay?.spanContext().spanId}-01`);
});

test.each([
  undefined,
  '',
  'nonsense',
  '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
])('a call without a trace that can be read (%s) begins one', (trace) => {
  const { observe, spans } = traced();
  observe(beginning({}, trace))?.(undefined);
  expect(spans()[0]?.parentSpanContext).toBeUndefined();
  expect(spans()[0]?.spanContext().traceId).toMatch(/^[\da-f]{32}$/);
});

test('between nodes there is a span at either end', () => {
  const { observe, spans } = traced();
  observe(beginning({ node: 'second' }))?.(undefined);
  observe(beginning({ incoming: true }))?.(undefined);
  expect(spans().map(({ kind }) => kind)).toEqual([SpanKind.CLIENT, SpanKind.SERVER]);
  expect(spans()[0]?.attributes['caruso.node']).toBe('second');
});

test('an error marks the span with its code', () => {
  const { observe, spans } = traced();
  observe(beginning())?.(new CarusoError({ code: 'ERP_DOWN', message: 'The ERP does not answer' }));
  observe(beginning())?.(new RangeError('too far'));
  observe(beginning())?.('thrown as a text');
  expect(spans().map(({ status, attributes }) => [status.code, status.message, attributes['error.type']])).toEqual([
    [SpanStatusCode.ERROR, 'The ERP does not answer', 'ERP_DOWN'],
    [SpanStatusCode.ERROR, 'too far', 'RangeError'],
    [SpanStatusCode.ERROR, 'thrown as a text', 'error'],
  ]);
});

test('a trace that is not sampled is handed on, so that nobody further down begins another', () => {
  const { observe, spans } = traced(new ParentBasedSampler({ root: new AlwaysOffSampler() }));
  const outer = beginning();
  expect(observe(outer)).toBeUndefined();
  expect(outer.call.trace).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/);
  expect(observe(beginning({}, outer.call.trace))).toBeUndefined();
  // One from outside that is sampled is kept all the same.
  observe(beginning({}, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'))?.(undefined);
  expect(spans()).toHaveLength(1);
});
