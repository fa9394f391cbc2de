import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { toOutgoing } from '../../../infra/kafka/envelope.ts';
import type { Log, OutgoingRecord } from '../../../infra/kafka/port.ts';
import type { AnyRecord } from '../../../schemas/generated/records.ts';
import { topicOf } from '../../../schemas/topics.ts';
import { placeOf } from '../../../streams/kernel/place.ts';
import { answered, decoder, request } from './topology.ts';

/** Each source has its own keys, numbered from 1 without gaps; all advance by one at each tick. */
const TICK_MS = 250;
const AGAIN_MS = 200;

const ask = (requestId: string, prompt: string): AnyRecord => ({
  type: 'InferText',
  data: {
    requestId,
    principal: 'chaos',
    capabilities: [],
    model: null,
    prompt,
    maxTokens: null,
    credential: null,
    labels: [],
  },
});

/** Every group also has an external source, so that it has work while the group before it is down. */
const sources: readonly { readonly prefix: string; readonly keys: number; make(key: string, n: string): AnyRecord }[] =
  [
    { prefix: 'c', keys: 24, make: ask },
    { prefix: 'w', keys: 16, make: request },
    { prefix: 'r', keys: 16, make: (key, n) => answered(key, n, 1) },
  ];

const keys = sources.flatMap(({ prefix, keys: count, make }) =>
  Array.from({ length: count }, (_, index) => ({ key: `${prefix}${index}`, make })),
);

function outgoing(key: string, record: AnyRecord): OutgoingRecord {
  const id = randomUUID();
  const hex = id.replaceAll('-', '');
  return toOutgoing(decoder.codec, {
    ...{ topic: topicOf(record.type).name, key, record, id, tenantId: 'chaos', correlationId: id, causationId: id },
    ...{
      place: placeOf('chaos', key, 16),
      timeMs: Date.now(),
      traceparent: `00-${hex}-${hex.slice(0, 16)}-01`,
      source: 'chaos/load',
    },
  });
}

export interface LoadReport {
  /** The latest number of each key that the log has acknowledged. */
  readonly acknowledged: number;
  readonly keys: readonly string[];
  readonly records: number;
  /** Number of refused appends, each repeated. A refused record may be in the log nevertheless. */
  readonly refused: number;
}

export interface Load {
  stop(): Promise<LoadReport>;
}

/**
 * Appends numbers to every key until it is stopped, through the production appender, repeating each until it is
 * acknowledged.
 */
export async function startLoad(log: Log): Promise<Load> {
  const appender = await log.appender();
  let stopping = false;
  let acknowledged = 0;
  let refused = 0;
  const running = (async () => {
    while (!stopping) {
      const dueMs = Date.now() + TICK_MS;
      const records = keys.map(({ key, make }) => outgoing(key, make(key, String(acknowledged + 1))));
      for (;;) {
        try {
          await appender.append(records);
          break;
        } catch {
          refused += 1;
          await sleep(AGAIN_MS);
        }
      }
      acknowledged += 1;
      await sleep(Math.max(0, dueMs - Date.now()));
    }
  })();
  return {
    stop: async () => {
      stopping = true;
      await running;
      await appender.close();
      return { acknowledged, refused, records: acknowledged * keys.length, keys: keys.map(({ key }) => key) };
    },
  };
}
