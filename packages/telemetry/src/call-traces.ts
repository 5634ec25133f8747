import type { CallBeginning, CallObserver, ErrorInfo } from '@caruso/service-manager/contract';
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { messageOf } from './errors.js';
import { hrTime, type SteadyTime } from './steady-time.js';

/**
 * A span for every call: it continues the trace that the call carries, and what is called from within continues it.
 * Nothing that a call is about is recorded, neither inputs nor outputs nor who acts: a collector has its own readers.
 */
export function callTraces(tracer: Tracer, time: SteadyTime, ended: () => void): CallObserver {
  return (beginning) => {
    const { call, contract, method } = beginning;
    const span = tracer.startSpan(
      `${contract}.${method}`,
      { kind: kindOf(beginning), startTime: hrTime(time.now()), attributes: attributesOf(beginning) },
      contextOf(call.trace),
    );
    const own = span.spanContext();
    call.trace = `00-${own.traceId}-${own.spanId}-${own.traceFlags.toString(16).padStart(2, '0')}`;
    // One that is not sampled still hands its trace on, so that nobody further down begins another.
    if (!span.isRecording()) return undefined;
    return (error) => {
      if (error !== undefined) {
        span.setAttribute('error.type', codeOf(error));
        span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
      }
      span.end(hrTime(time.now()));
      ended();
    };
  };
}

/** The parent named by a W3C `traceparent`; a trace of its own where there is none, or none that can be read. */
function contextOf(traceparent: string | undefined): Context {
  const parent = traceparent === undefined ? null : parseTraceParent(traceparent);
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
}

/** Only between nodes somebody waits at the far end of a wire. */
function kindOf({ incoming, node }: CallBeginning): SpanKind {
  if (incoming) return SpanKind.SERVER;
  return node === undefined ? SpanKind.INTERNAL : SpanKind.CLIENT;
}

/** `rpc.*` and `error.type` after OpenTelemetry's semantic conventions; the others are Caruso's own. */
function attributesOf({ call, contract, method, provider, generation, node }: CallBeginning): Attributes {
  return {
    'rpc.system': 'caruso',
    'rpc.service': contract,
    'rpc.method': method,
    'caruso.provider': provider,
    'caruso.generation': generation,
    ...(node === undefined ? {} : { 'caruso.node': node }),
    'caruso.call': call.id,
    'caruso.principal.kind': call.principal.kind,
  };
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as Partial<ErrorInfo> & { name?: unknown };
  if (typeof code === 'string') return code;
  return typeof name === 'string' ? name : 'error';
}
