import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';

/** What of opentelemetry-proto 1.x concerns traces: `opentelemetry/proto/{collector/trace,trace,resource,common}/v1`. */
const schema = `
syntax = "proto3";
message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message ExportTraceServiceResponse {}
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message InstrumentationScope { string name = 1; string version = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; fixed32 flags = 16;
  string name = 5; SpanKind kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10; Status status = 15;
}
enum SpanKind { UNSPECIFIED = 0; INTERNAL = 1; SERVER = 2; CLIENT = 3; PRODUCER = 4; CONSUMER = 5; }
message Status { string message = 2; StatusCode code = 3; }
enum StatusCode { UNSET = 0; OK = 1; ERROR = 2; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value {
  string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; bytes bytes_value = 7; } }
`;

const types = protobuf.parse(schema).root;
const Request = types.lookupType('ExportTraceServiceRequest');
const Response = types.lookupType('ExportTraceServiceResponse');

type Attributes = { key: string; value: Record<string, unknown> }[];
interface Decoded {
  resourceSpans?: {
    resource?: { attributes?: Attributes };
    scopeSpans?: {
      spans?: {
        traceId: Buffer;
        spanId: Buffer;
        parentSpanId?: Buffer;
        name: string;
        kind: string;
        startTimeUnixNano: string;
        endTimeUnixNano: string;
        attributes?: Attributes;
        status?: { code?: string; message?: string };
      }[];
    }[];
  }[];
}

export interface CollectedSpan {
  trace: string;
  id: string;
  /** Empty for the first of a trace. */
  parent: string;
  name: string;
  kind: string;
  /** Nanoseconds since 1970 UTC. */
  begin: bigint;
  end: bigint;
  attributes: Record<string, unknown>;
  resource: Record<string, unknown>;
  status: string;
  message: string;
}

/** A collector of traces as the OTLP/HTTP specification has it: takes protobuf at `/v1/traces`, and keeps what it is sent. */
export class OtlpCollector {
  readonly spans: CollectedSpan[] = [];
  readonly headers: IncomingHttpHeaders[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const refuse = (status: number, why: string) => response.writeHead(status, why).end();
        if (request.method !== 'POST' || request.url !== '/v1/traces') return refuse(404, 'Not Found');
        if (request.headers['content-type'] !== 'application/x-protobuf') return refuse(415, 'Unsupported Media Type');
        const body = Buffer.concat(chunks);
        try {
          this.#take(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
        } catch {
          return refuse(400, 'Bad Request');
        }
        this.headers.push(request.headers);
        response.writeHead(200, { 'content-type': 'application/x-protobuf' });
        return response.end(Response.encode(Response.create({})).finish());
      });
    });
  }

  static async start(): Promise<OtlpCollector> {
    const collector = new OtlpCollector();
    await new Promise<void>((resolve) => collector.#server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(body: Buffer): void {
    const decoded = Request.toObject(Request.decode(body), { longs: String, enums: String, bytes: Buffer }) as Decoded;
    for (const { resource, scopeSpans } of decoded.resourceSpans ?? []) {
      for (const span of (scopeSpans ?? []).flatMap(({ spans }) => spans ?? [])) {
        this.spans.push({
          trace: span.traceId.toString('hex'),
          id: span.spanId.toString('hex'),
          parent: span.parentSpanId?.toString('hex') ?? '',
          name: span.name,
          kind: span.kind,
          begin: BigInt(span.startTimeUnixNano),
          end: BigInt(span.endTimeUnixNano),
          attributes: plain(span.attributes),
          resource: plain(resource?.attributes),
          status: span.status?.code ?? 'UNSET',
          message: span.status?.message ?? '',
        });
      }
    }
  }
}

function plain(attributes: Attributes = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
