import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { toOutgoing } from '../../infra/kafka/envelope.ts';
import type { Log, OutgoingRecord } from '../../infra/kafka/log.ts';
import type { AnyRecord } from '../../schemas/generated/records.ts';
import { topicOf } from '../../schemas/topics.ts';
import { answered, decoder, request } from './topology.ts';

/** Each source has keys of its own, numbered from 1 without a gap; all of them move on by one each tick. */
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

/** Every group is fed from outside as well, so that it has work while the one before it is being killed. */
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
  const made = toOutgoing(decoder.codec, {
    ...{ topic: topicOf(record.type).name, key, record, id, tenantId: 'chaos', correlationId: id, causationId: id },
    ...{ timeMs: Date.now(), traceparent: `00-${hex}-${hex.slice(0, 16)}-01`, source: 'chaos/load' },
  });
  // The load has one tenant; its keys are to lie in every partition.
  return { ...made, placedBy: key };
}

export interface LoadReport {
  /** The last number of every key that the log has acknowledged. */
  readonly acknowledged: number;
  readonly keys: readonly string[];
  readonly records: number;
  /** Appends that were refused, and done again. What was refused may stand in the log all the same. */
  readonly refused: number;
}

export interface Load {
  stop(): Promise<LoadReport>;
}

/** Appends numbers to every key until it is stopped, through the product's own appender, each until it is acknowledged. */
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
