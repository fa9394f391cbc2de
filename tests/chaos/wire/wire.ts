/** The part of Kafka's wire protocol that a proxy needs: message boundaries and headers. */

/** `api_key` of the requests that fault triggers name (https://kafka.apache.org/protocol#protocol_api_keys). */
export const apis = {
  produce: 0,
  fetch: 1,
  offsetFetch: 9,
  joinGroup: 11,
  heartbeat: 12,
  syncGroup: 14,
  initProducerId: 22,
  addPartitionsToTxn: 24,
  addOffsetsToTxn: 25,
  endTxn: 26,
  txnOffsetCommit: 28,
} as const;

export interface RequestHead {
  readonly api: number;
  readonly version: number;
  readonly correlationId: number;
  readonly client: string;
}

const LENGTH_BYTES = 4;
/** Bytes of api_key, api_version, correlation_id and the length of client_id. */
const HEAD_BYTES = 10;

/**
 * Parses the header of a whole request frame. Header versions 1 and 2 begin alike; the client id is a nullable string
 * in both.
 */
export function requestHead(frame: Buffer): RequestHead {
  const at = LENGTH_BYTES;
  const clientBytes = frame.length < at + HEAD_BYTES ? -1 : frame.readInt16BE(at + 8);
  return {
    api: frame.readInt16BE(at),
    version: frame.readInt16BE(at + 2),
    correlationId: frame.readInt32BE(at + 4),
    client: clientBytes <= 0 ? '' : frame.toString('utf8', at + HEAD_BYTES, at + HEAD_BYTES + clientBytes),
  };
}

/** Returns the correlation id with which every answer begins. */
export const correlationOf = (frame: Buffer): number => frame.readInt32BE(LENGTH_BYTES);

/**
 * Returns the transactional id in the first bytes of EndTxn and similar requests: `khipu.<name>.<partition>-<slot>`;
 * null when there is none.
 */
export function transactionalIdOf(frame: Buffer, client: string): string | null {
  const start = LENGTH_BYTES + HEAD_BYTES + Buffer.byteLength(client);
  return /khipu\.[\w.-]+?\.\d+-\d/.exec(frame.toString('latin1', start, start + 120))?.[0] ?? null;
}

/** Splits a stream of bytes into whole messages, length prefix included. */
export class Frames {
  #parts: Buffer[] = [];
  #bytes = 0;

  push(chunk: Buffer): Buffer[] {
    this.#parts.push(chunk);
    this.#bytes += chunk.length;
    const whole: Buffer[] = [];
    for (;;) {
      if (this.#bytes < LENGTH_BYTES) return whole;
      if ((this.#parts[0]?.length ?? 0) < LENGTH_BYTES) this.#join();
      const size = LENGTH_BYTES + (this.#parts[0]?.readInt32BE(0) ?? 0);
      if (this.#bytes < size) return whole;
      this.#join();
      const all = this.#parts[0] as Buffer;
      whole.push(all.subarray(0, size));
      this.#parts = [all.subarray(size)];
      this.#bytes -= size;
    }
  }

  #join(): void {
    this.#parts = [Buffer.concat(this.#parts)];
  }
}
