import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSession } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import type { KafkaConnection } from '../../kafka/connect.ts';
import { toOutgoing } from '../../kafka/envelope.ts';

export interface DrillOptions {
  readonly kafka: KafkaConnection;
  /** The switch is set at the first of them. */
  readonly gateways: readonly string[];
  readonly apiKey: string;
  /** What is done while the switch is engaged, such as killing a role. The switch must hold through it. */
  readonly meanwhile?: () => Promise<void>;
}

/** Ms from the moment the switch was asked for. */
export interface DrillRun {
  readonly answer: number;
  /** First 503 by gateway, in the order given. */
  readonly gateways: readonly number[];
  /** Until a denial was read back from the log. */
  readonly policy: number;
}

/** Nobody asks for this model, so that a drill stops no work but its own. */
const MODEL = 'khipu-drill';
/** Of no constitution: what is let through is refused as well, and starts nothing. */
const PERSONA = 'khipu-drill';
const SCOPE = `model:${MODEL}`;
const EVERY_MS = 5;
const GIVE_UP_MS = 30_000;
const PUT_EVERY_MS = 25;
/** A process that was killed is started again, joins its group when the old session has run out, and reads its tables. */
const COME_BACK_MS = 90_000;

const failed = (detail: string): Error => Object.assign(new Error(detail), { code: 'DRILL_FAILED' });

async function post(
  url: string,
  apiKey: string,
  path: string,
  body: object,
): Promise<[number, Record<string, unknown>]> {
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(GIVE_UP_MS),
  });
  return [response.status, (await response.json()) as Record<string, unknown>];
}

/** Engages a switch, waits until every gateway and the policy refuse by it, and releases it. Throws DRILL_FAILED. */
export async function drillOnce({ kafka, gateways, apiKey, meanwhile }: DrillOptions): Promise<DrillRun> {
  const [first = ''] = gateways;
  const set = (action: 'engage' | 'release') =>
    post(first, apiKey, '/v1/kill-switch', { scope: SCOPE, action, reason: 'a drill' });
  const probe = async (url: string): Promise<boolean> =>
    (await post(url, apiKey, '/v1/sessions/start', { persona: PERSONA, model: MODEL }))[1]['code'] === 'KILL_SWITCH';
  // What an earlier drill left behind would be taken for this one's effect.
  for (const url of gateways) if (await probe(url)) throw failed(`${SCOPE} is engaged at ${url} already: release it`);
  const policy = await watchPolicy(kafka);
  try {
    // A reader that has not begun yet would be measured as the time of the switch.
    await policy.ask();
    const began = performance.now();
    const since = (): number => performance.now() - began;
    const until = async (what: string, isSo: () => Promise<boolean> | boolean): Promise<number> => {
      while (!(await isSo())) {
        if (since() > GIVE_UP_MS) throw failed(`${what} took no effect in ${GIVE_UP_MS} ms`);
        await sleep(EVERY_MS);
      }
      return since();
    };
    const [[answer, eventId], ...effects] = await Promise.all([
      set('engage').then(([status, body]): [number, string] => {
        if (status !== 200) throw failed(`engaging answered ${status}: ${JSON.stringify(body)}`);
        return [since(), String(body['event_id'])];
      }),
      ...gateways.map((url) => until(`the switch at ${url}`, () => probe(url))),
      until('the switch in policy', () => policy.ask().then(() => policy.decisions.some(({ by }) => by !== null))),
    ]);
    // Only a denial by this very switch counts.
    const deniedAt = policy.decisions.find(({ by }) => by === eventId)?.atMs;
    if (deniedAt === undefined) throw failed('policy denied by another switch');
    if (meanwhile !== undefined) {
      await holdsThrough(meanwhile, policy, eventId);
      for (const url of gateways) if (!(await probe(url))) throw failed(`the switch at ${url} is gone`);
    }
    return { answer, gateways: effects.slice(0, -1), policy: deniedAt - began };
  } finally {
    await policy.close();
    const [status, body] = await set('release');
    if (status !== 200 && body['code'] !== 'KILL_SWITCH_NOT_ENGAGED')
      console.error(`the switch ${SCOPE} was not released: ${JSON.stringify(body)}`);
  }
}

/** Commands come all the while. Each must be decided, and denied by that very switch. */
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
    if (performance.now() > until) throw failed(`policy left commands undecided for ${COME_BACK_MS} ms`);
    await sleep(EVERY_MS);
  }
  const slipped = policy.decisions.slice(before).filter(({ by }) => by !== eventId);
  if (slipped.length > 0)
    throw failed(`${slipped.length} of ${put} commands were not denied while the switch was engaged`);
}

type PolicyWatch = Awaited<ReturnType<typeof watchPolicy>>;

/** Puts commands to policy as a gateway does that has not heard of the switch, and reads what it decides. */
async function watchPolicy({ log, decoder }: KafkaConnection) {
  const [commands, decisions] = [topics.sessionsCommands.name, topics.policyDecisions.name];
  /** Oldest first: when each was read, and the event that engaged the switch which denied it; null when none did. */
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
      ...{ metadata: {}, turnId: null, prompt: null, maxTokens: null, requestDigest: '', labels: [] },
    });
    const key = record.data.sessionId;
    const traceparent = `00-${id.replaceAll('-', '')}-${id.slice(0, 8)}${id.slice(0, 8)}-01`;
    const envelope = { id, tenantId: MODEL, correlationId: id, causationId: id, timeMs: Date.now(), traceparent };
    await appender.append([
      toOutgoing(decoder.codec, { topic: commands, key, record, source: 'khipu/drill', ...envelope }),
    ]);
  }
  return {
    decisions: taken as readonly (typeof taken)[number][],
    put,
    /** Resolves when policy has decided: one command at a time, so that a drill measures no backlog of its own. */
    async ask(): Promise<void> {
      const decision = new Promise<void>((resolve, reject) => {
        decided = resolve;
        setTimeout(() => reject(failed(`policy decided nothing in ${GIVE_UP_MS} ms`)), GIVE_UP_MS).unref();
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
