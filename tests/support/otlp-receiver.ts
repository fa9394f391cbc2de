import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A value of an attribute. */
export type SpanValue = string | number | boolean | readonly SpanValue[];
type Attributes = Readonly<Record<string, SpanValue>>;

/** A span as a receiver has it. Ids are hex; times are ns since 1970. */
export interface ReceivedSpan {
  /** `service.name` of its resource. */
  readonly service: string;
  readonly schemaUrl: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Attributes;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** 2 for an error. */
  readonly status: number;
}

/** A receiver of traces, OTLP over HTTP with protobuf. */
export interface OtlpReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  /** The spans of all requests so far. */
  readonly spans: readonly ReceivedSpan[];
  /** Headers of the requests so far. */
  readonly headers: readonly IncomingMessage['headers'][];
  close(): Promise<void>;
}

type Field = { readonly field: number; readonly value: bigint | Buffer };

/** Yields the fields of a protobuf message: varints and fixed numbers as bigint, everything with a length as bytes. */
function* fieldsOf(bytes: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at);
      at += 1;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const field = tag >> 3;
    switch (tag & 7) {
      case 0:
        yield { field, value: varint() };
        break;
      case 1:
        yield { field, value: bytes.readBigUInt64LE(at) };
        at += 8;
        break;
      case 2: {
        const length = Number(varint());
        yield { field, value: bytes.subarray(at, at + length) };
        at += length;
        break;
      }
      case 5:
        yield { field, value: BigInt(bytes.readUInt32LE(at)) };
        at += 4;
        break;
      default:
        throw new Error(`wire type ${tag & 7}`);
    }
  }
}

const bytesIn = (message: Buffer, field: number): Buffer[] =>
  [...fieldsOf(message)].flatMap((each) => (each.field === field && Buffer.isBuffer(each.value) ? [each.value] : []));
const oneIn = (message: Buffer, field: number): Buffer => bytesIn(message, field)[0] ?? Buffer.alloc(0);
const textIn = (message: Buffer, field: number): string => oneIn(message, field).toString('utf8');
const hexIn = (message: Buffer, field: number): string => oneIn(message, field).toString('hex');
const numberIn = (message: Buffer, field: number): bigint => {
  const found = [...fieldsOf(message)].find((each) => each.field === field)?.value;
  return typeof found === 'bigint' ? found : 0n;
};

/** Reads an AnyValue: text, truth, integer, double or array. */
function valueIn(message: Buffer): SpanValue {
  const [first] = fieldsOf(message);
  if (first === undefined) return '';
  const { field, value } = first;
  if (Buffer.isBuffer(value)) return field === 5 ? bytesIn(value, 1).map(valueIn) : value.toString('utf8');
  if (field === 2) return value === 1n;
  if (field === 3) return Number(value);
  const double = Buffer.alloc(8);
  double.writeBigUInt64LE(value);
  return double.readDoubleLE();
}

const attributesIn = (message: Buffer, field: number): Attributes =>
  Object.fromEntries(bytesIn(message, field).map((pair) => [textIn(pair, 1), valueIn(oneIn(pair, 2))]));

const spanOf = (span: Buffer, service: string, schemaUrl: string): ReceivedSpan => ({
  ...{ service, schemaUrl, traceId: hexIn(span, 1), spanId: hexIn(span, 2), parentSpanId: hexIn(span, 4) },
  ...{ name: textIn(span, 5), kind: Number(numberIn(span, 6)), startNs: numberIn(span, 7), endNs: numberIn(span, 8) },
  attributes: attributesIn(span, 9),
  links: bytesIn(span, 13).map((link) => ({ traceId: hexIn(link, 1), spanId: hexIn(link, 2) })),
  status: Number(numberIn(oneIn(span, 15), 3)),
});

/** Returns the spans of an ExportTraceServiceRequest. */
export const spansIn = (request: Buffer): readonly ReceivedSpan[] =>
  bytesIn(request, 1).flatMap((resource) => {
    const service = String(attributesIn(oneIn(resource, 1), 1)['service.name']);
    return bytesIn(resource, 2).flatMap((scope) =>
      bytesIn(scope, 2).map((span) => spanOf(span, service, textIn(scope, 3))),
    );
  });

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const body = Buffer.concat(await request.toArray());
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

/** Starts a receiver on a free port. `status` answers each request; 200 takes its spans. */
export async function startOtlpReceiver(status = 200): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const isTraces = request.method === 'POST' && request.url === '/v1/traces';
      if (isTraces && status === 200) spans.push(...spansIn(body));
      headers.push(request.headers);
      response.writeHead(isTraces ? status : 404, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    headers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
