import { loadConfig } from '../../../infra/config.ts';
import { connectKafka, type KafkaConnection } from '../../../infra/kafka/connect.ts';
import { toOutgoing } from '../../../infra/kafka/envelope.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { continuedTurn } from '../../../schemas/contexts/slm/messages.ts';
import { startSession } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import { placeOf, placesOver } from '../../../streams/kernel/place.ts';
import { appendAll } from '../runtime/append-all.ts';

const TENANT = 'demo';
/** A decision in this many is decoded, to see that it was not a refusal. */
const CHECKED_EVERY = 50;
const STALLED_MS_MAX = 60_000;
const POLL_MS = 10;

/** The log of a platform, and the number of its partitions. */
export interface Backlog {
  /**
   * Appends `count` commands of one tenant, each of which starts another session without a prompt, and returns the seconds
   * from the first append until all are decided. Rejects when a checked decision is a refusal, or when none comes for a
   * minute.
   */
  drain(count: number): Promise<number>;
  close(): Promise<void>;
}

/** Connects to a platform that was set up. Rejects when its commands have another number of partitions. */
export async function openBacklog(env: NodeJS.ProcessEnv, partitions: number): Promise<Backlog> {
  const kafka = await connectKafka(
    loadConfig({ ...env, KHIPU_KAFKA_CLIENT: 'platformatic' }),
    'bench',
    createLogger('bench', 'silent'),
  );
  const found = (await kafka.log.watermarks([topics.sessionsCommands.name])).length;
  if (found !== partitions) {
    await kafka.close();
    throw new Error(`${topics.sessionsCommands.name} has ${found} partitions, not ${partitions}`);
  }
  let drains = 0;
  return {
    drain: (count) => {
      drains += 1;
      return drain(kafka, { run: drains, count, places: placesOver(partitions) });
    },
    close: () => kafka.close(),
  };
}

interface Commands {
  /** Part of the ids: the same number again repeats the same sessions. */
  readonly run: number;
  readonly count: number;
  readonly places: number;
}

async function drain(kafka: KafkaConnection, commands: Commands): Promise<number> {
  let decided = 0;
  let refused: readonly string[] | null = null;
  const tail = await kafka.log.tail({
    topics: [topics.policyDecisions.name],
    from: 'end',
    onBatch: ({ records }) => {
      for (const record of records) {
        decided += 1;
        if (decided % CHECKED_EVERY !== 1) continue;
        const { type, data } = kafka.decoder.decodeSync(record).record;
        if (type === 'PolicyDecided' && data.decision.outcome !== 'allow') refused = data.decision.reasons;
      }
    },
    onCrash: (error) => console.error(error),
  });
  try {
    const began = performance.now();
    await appendAll(kafka.log, commands.count, (n) => command(kafka, commands, n));
    let seen = { decided, atMs: performance.now() };
    while (decided < commands.count) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      if (refused !== null) throw new Error(`a command was refused: ${(refused as readonly string[]).join(', ')}`);
      if (decided > seen.decided) seen = { decided, atMs: performance.now() };
      else if (performance.now() - seen.atMs > STALLED_MS_MAX)
        throw new Error(`${decided} of ${commands.count} commands were decided`);
    }
    return (performance.now() - began) / 1_000;
  } finally {
    await tail.close();
  }
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** The nth command: the same sessions, and so the same places, for each number of partitions. */
function command({ decoder }: KafkaConnection, { run, places }: Commands, n: number) {
  const sessionId = `${hex(run, 8)}-0000-4000-8000-${hex(n, 12)}`;
  const id = `${hex(run, 8)}-0000-4000-9000-${hex(n, 12)}`;
  return toOutgoing(decoder.codec, {
    topic: topics.sessionsCommands.name,
    key: sessionId,
    place: placeOf(TENANT, sessionId, places),
    record: startSession({
      ...{ sessionId, principal: 'bench', persona: 'guide', capabilities: ['slm:invoke:*'], model: null, metadata: {} },
      ...{
        turnId: null,
        prompt: null,
        maxTokens: null,
        requestDigest: hex(n, 64),
        labels: [],
        ...continuedTurn,
      },
    }),
    ...{ id, tenantId: TENANT, correlationId: id, causationId: id, timeMs: Date.now(), source: 'khipu/bench' },
    traceparent: `00-${hex(run, 8)}${hex(n, 24)}-${hex(n + 1, 16)}-01`,
  });
}
