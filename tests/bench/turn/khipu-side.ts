import type { Platform } from '../../../infra/local/platform.ts';
import { startTestPlatform } from '../../support/platform.ts';
import { spreadOf } from '../statistics.ts';
import { capacityOf } from './capacity.ts';
import type { TurnContext } from './figure.ts';
import { type KafkaClient, logRoundTrip, openBenchLog, watchDecisions } from './log-times.ts';
import { measureAt, type Samples, type Subject } from './measure-at.ts';
import { firstFailure, openLoop } from './open-loop.ts';
import type { TurnSizes } from './sizes.ts';
import { timeTurn } from './timed-turn.ts';

/** Rate of the warm-up, turns/s: low, so that a slow platform does not begin with a backlog. */
const WARM_UP_RATE = 10;
/** Samples of the round trip, and those of them that only warm up. */
const ROUND_TRIPS = 300;
const ROUND_TRIPS_WARM_UP = 50;

/** The load is one caller; its requests are counted as usual, and never refused. */
const NO_RATE_LIMIT = { KHIPU_RATE_LIMIT_PER_MINUTE: '1000000000' };

/** The parts of a measurement that one started platform serves. */
export interface Wanted {
  /** Latencies, the share of governance and the round trip of the log. */
  readonly turn: boolean;
  /** Processor time, transactions and requests; measured together with the latencies. */
  readonly cpu: boolean;
  readonly capacity: boolean;
}

export function subjectOf(platform: Pick<Platform, 'url' | 'apiKey' | 'processes'>): Subject {
  const processes = platform.processes();
  return {
    processes: new Map(processes.flatMap(({ name, mark }) => (mark === undefined ? [] : [[name, mark.pid]]))),
    adminPorts: processes.flatMap(({ adminPort }) => adminPort ?? []),
    request: (dueMs) => timeTurn(platform, dueMs),
  };
}

/** Starts a platform with this client, and the deterministic model, measures it and stops it. */
export async function measureKhipu(
  client: KafkaClient,
  { wanted, sizes, settings, note }: { wanted: Wanted } & Pick<TurnContext, 'sizes' | 'settings' | 'note'>,
): Promise<Samples> {
  const platform = await startTestPlatform({ env: { KHIPU_KAFKA_CLIENT: client, ...NO_RATE_LIMIT, ...settings } });
  try {
    const subject = subjectOf(platform);
    note(`${client}: warm-up of ${sizes.warmUpTurns} turns`);
    // A cold platform may answer 202, or late, which is not measured here.
    await openLoop(sizes.warmUpTurns, WARM_UP_RATE, (dueMs) => subject.request(dueMs));
    let samples: Samples = {};
    if (wanted.turn || wanted.cpu)
      for (const rate of sizes.rates) {
        note(`${client}: ${sizes.turns} turns at ${rate}/s`);
        samples = { ...samples, ...(await measureAt(subject, rate, sizes.turns)) };
      }
    if (wanted.turn)
      samples = { ...samples, ...(await measureLog(platform.parts.env.KAFKA_BROKERS, client, subject, sizes)) };
    if (wanted.capacity)
      samples = { ...samples, capacity: await capacityOf(subject, sizes, (text) => note(`${client}: ${text}`)) };
    return samples;
  } finally {
    await platform.stop();
  }
}

/**
 * Measures the share of governance at the highest rate, and the round trip of the log. Apart from the other figures: its
 * readers are work for the broker.
 */
async function measureLog(
  brokers: string,
  client: KafkaClient,
  subject: Subject,
  { rates, turns }: TurnSizes,
): Promise<Samples> {
  const log = openBenchLog(brokers, client);
  try {
    const limit = spreadOf((await logRoundTrip(log, ROUND_TRIPS)).slice(ROUND_TRIPS_WARM_UP));
    const decisions = await watchDecisions(log);
    const settled = await openLoop(turns, Math.max(...rates), (dueMs) => subject.request(dueMs));
    await decisions.close();
    if (decisions.samples.length === 0) throw new Error('no decision was seen', { cause: firstFailure(settled) });
    const decided = spreadOf(decisions.samples);
    return {
      'decided p50': decided.p50,
      'decided p95': decided.p95,
      'round trip p50': limit.p50,
      'round trip p95': limit.p95,
    };
  } finally {
    await log.close();
  }
}
