import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { continuedTurn } from '../../../schemas/contexts/slm/messages.ts';
import { startSession } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import { type Api, createApi } from '../../client/api.ts';
import type { KafkaConnection } from '../../kafka/connect.ts';
import { toOutgoing } from '../../kafka/envelope.ts';
import { firstPlace } from '../../kafka/first-place.ts';

/** The platform to drill. */
export interface DrillOptions {
  readonly kafka: KafkaConnection;
  /** Base URLs. The switch is set at the first one. */
  readonly gateways: readonly string[];
  readonly apiKey: string;
  /** Action to run while the switch is engaged, such as killing a role. The switch must stay effective throughout. */
  readonly meanwhile?: () => Promise<void>;
}

/** Milliseconds from the request that engages the switch. */
export interface DrillRun {
  /** Until the request was answered. */
  readonly answer: number;
  /** Until the first 503 of each gateway, in the given order. */
  readonly gateways: readonly number[];
  /** Until a denial was read from the log. */
  readonly policy: number;
}

/** A model that no request uses, so that a drill stops only its own work. */
const MODEL = 'khipu-drill';
/** A persona that does not exist: a command that passes the switch is denied as well, and starts nothing. */
const PERSONA = 'khipu-drill';
const SCOPE = `model:${MODEL}`;
const EVERY_MS = 5;
const GIVE_UP_MS = 30_000;
const PUT_EVERY_MS = 25;
/** Time for a killed process to start again, join its group after the old session has expired, and read its tables. */
const COME_BACK_MS = 90_000;

const failed = (detail: string): Error => Object.assign(new Error(detail), { code: 'DRILL_FAILED' });

/**
 * Engages a switch, waits until every gateway and policy refuse because of it, and releases it. Rejects with DRILL_FAILED when the
 * switch has no effect within 30 s or does not stay effective.
 */
export async function drillOnce({ kafka, gateways, apiKey, meanwhile }: DrillOptions): Promise<DrillRun> {
  const apiOf = (url = ''): Api => createApi({ url, token: apiKey, timeoutMs: GIVE_UP_MS });
  const set = (action: 'engage' | 'release') =>
    apiOf(gateways[0]).POST('/v1/kill-switch', { body: { scope: SCOPE, action, reason: 'a drill' } });
  const probe = async (url: string): Promise<boolean> => {
    const { error } = await apiOf(url).POST('/v1/sessions/start', { body: { persona: PERSONA, model: MODEL } });
    return error?.code === 'KILL_SWITCH';
  };
  // A switch left over from an earlier drill would be mistaken for the effect of this one.
  for (const url of gateways)
    if (await probe(url)) throw failed(`${SCOPE} is already engaged at ${url}: release it first`);
  const policy = await watchPolicy(kafka);
  try {
    // Warm up, so that the start of the reader is not part of the measured time.
    await policy.ask();
    const began = performance.now();
    const since = (): number => performance.now() - began;
    const until = async (what: string, isSo: () => Promise<boolean> | boolean): Promise<number> => {
      while (!(await isSo())) {
        if (since() > GIVE_UP_MS) throw failed(`${what} had no effect within ${GIVE_UP_MS} ms`);
        await sleep(EVERY_MS);
      }
      return since();
    };
    const [[answer, eventId], ...effects] = await Promise.all([
      set('engage').then(({ data, error, response: { status } }): [number, string] => {
        if (data === undefined || !('event_id' in data))
          throw failed(`engaging answered ${status}: ${JSON.stringify(error ?? data)}`);
        return [since(), data.event_id];
      }),
      ...gateways.map((url) => until(`the switch at ${url}`, () => probe(url))),
      until('the switch in policy', () => policy.ask().then(() => policy.decisions.some(({ by }) => by !== null))),
    ]);
    // Only a denial by this switch counts.
    const deniedAt = policy.decisions.find(({ by }) => by === eventId)?.atMs;
    if (deniedAt === undefined) throw failed('policy denied by another switch');
    if (meanwhile !== undefined) {
      await holdsThrough(meanwhile, policy, eventId);
      for (const url of gateways) if (!(await probe(url))) throw failed(`the switch at ${url} is no longer engaged`);
    }
    return { answer, gateways: effects.slice(0, -1), policy: deniedAt - began };
  } finally {
    await policy.close();
    const { data, error, response } = await set('release');
    if (response.status !== 200 && error?.code !== 'KILL_SWITCH_NOT_ENGAGED')
      console.error(`the switch ${SCOPE} was not released: ${JSON.stringify(error ?? data)}`);
  }
}

/** Sends commands during `meanwhile`. Rejects with DRILL_FAILED unless each is decided and denied by this switch. */
async function holdsThrough(meanwhile: () => Promise<void>, policy: PolicyWatch, eventId: string): Promise<void> {
  const before = policy.decisions.length;
  let over = false;
  const done = meanwhile().finally(() => {
    over = true;
  });
  let put = 0;
  for (; !over; put += 1) {
    await policy.put();
    await sleep(PUT_EVERY_MS);
  }
  await done;
  const until = performance.now() + COME_BACK_MS;
  while (policy.decisions.length < before + put) {
    if (performance.now() > until) throw failed(`policy did not decide all commands within ${COME_BACK_MS} ms`);
    await sleep(EVERY_MS);
  }
  const slipped = policy.decisions.slice(before).filter(({ by }) => by !== eventId);
  if (slipped.length > 0)
    throw failed(`${slipped.length} of ${put} commands were not denied while the switch was engaged`);
}

type PolicyWatch = Awaited<ReturnType<typeof watchPolicy>>;

/** Appends commands as a gateway that does not know the switch yet, and reads the decisions of policy. */
async function watchPolicy({ log, decoder }: KafkaConnection) {
  const [commands, decisions] = [topics.sessionsCommands.name, topics.policyDecisions.name];
  /** Oldest first: the read time, and the event id of the switch that denied it; null when no switch did. */
  const taken: { readonly atMs: number; readonly by: string | null }[] = [];
  let decided: () => void = () => undefined;
  const appender = await log.appender({ lingerMs: 0 });
  const ends = await log.watermarks([decisions]);
  const reader = await log.tail({
    topics: [decisions],
    from: ends.map(({ topic, partition, high }) => ({ topic, partition, offset: high })),
    onBatch: async ({ records }) => {
      for (const stored of records) {
        const { record } = await decoder.decode(stored);
        if (record.type !== 'PolicyDecided' || record.data.principal !== MODEL) continue;
        const at = record.data.decision.clauses.indexOf(`kill-switch:${SCOPE}`);
        const by = at < 0 ? null : (record.data.decision.clauses[at + 1]?.replace('event:', '') ?? null);
        taken.push({ atMs: performance.now(), by });
        decided();
      }
    },
    onCrash: () => undefined,
  });
  async function put(): Promise<void> {
    const id = randomUUID();
    const record = startSession({
      ...{ sessionId: randomUUID(), principal: MODEL, persona: PERSONA, capabilities: [], model: MODEL },
      ...{
        metadata: {},
        turnId: null,
        prompt: null,
        maxTokens: null,
        requestDigest: '',
        labels: [],
        ...continuedTurn,
      },
    });
    const key = record.data.sessionId;
    const traceparent = `00-${id.replaceAll('-', '')}-${id.slice(0, 8)}${id.slice(0, 8)}-01`;
    const place = firstPlace(MODEL, key, ends.length);
    const envelope = {
      id,
      tenantId: MODEL,
      place,
      correlationId: id,
      causationId: id,
      timeMs: Date.now(),
      traceparent,
    };
    await appender.append([
      toOutgoing(decoder.codec, { topic: commands, key, record, source: 'khipu/drill', ...envelope }),
    ]);
  }
  return {
    decisions: taken as readonly (typeof taken)[number][],
    put,
    /** Appends one command and resolves when policy has decided it, so that a drill does not measure its own backlog. */
    async ask(): Promise<void> {
      const decision = new Promise<void>((resolve, reject) => {
        decided = resolve;
        setTimeout(() => reject(failed(`policy made no decision within ${GIVE_UP_MS} ms`)), GIVE_UP_MS).unref();
      });
      await put();
      await decision;
    },
    async close(): Promise<void> {
      await reader.close();
      await appender.close();
    },
  };
}
