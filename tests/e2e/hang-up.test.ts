import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../infra/config.ts';
import { connectKafka, type KafkaConnection } from '../../infra/kafka/connect.ts';
import { readWhole } from '../../infra/kafka/contract/testing.ts';
import { createLogger } from '../../infra/kit/logger.ts';
import { countTokens } from '../../infra/models/token-count.ts';
import type { RecordName, Records } from '../../schemas/generated/records.ts';
import { topicOf } from '../../schemas/topics.ts';
import { sumOf } from '../bench/turn/metrics-text.ts';
import { ApiClient, until } from '../support/api-client.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { type HungUp, hangUpAt } from './support/hang-up.ts';
import { BUSY_MACHINE } from './support/turn-fixture.ts';

/** Clients in all, and at once: the long form is `npm run chaos:hang-up`. */
const TRIES = Number(process.env['KHIPU_HANG_UP_TRIES'] ?? 30);
const AT_ONCE = 30;
/** An answer of some 2 seconds, and a little more than the bytes of its stream. */
const WORD_MS = 50;
const WORDS = 40;
const BYTES = 6_500;
const PROMPT = `[[words:${WORDS}]] Tell me of every knot.`;

let platform: TestPlatform;
let kafka: KafkaConnection;
beforeAll(async () => {
  platform = await startTestPlatform({
    env: { ...BUSY_MACHINE, KHIPU_SLM_DETERMINISTIC_DELAY_MS: String(WORD_MS), KHIPU_RATE_LIMIT_PER_MINUTE: '100000' },
    apart: [],
  });
  kafka = await connectKafka(loadConfig(platform.env), 'test', createLogger('test', 'fatal'));
});
afterAll(async () => {
  await kafka?.close();
  await platform?.stop();
});

/** The byte of the nth try: spread evenly over the stream for any number of tries; every tenth client hangs up at once. */
const byteOf = (n: number): number => (n % 10 === 0 ? 0 : Math.ceil(((n * 0.618_033_988_749_895) % 1) * BYTES));

/** Returns all records of a kind in the log of the platform. */
async function written<N extends RecordName>({ log, decoder }: KafkaConnection, name: N): Promise<Records[N][]> {
  const stored = await readWhole(log, topicOf(name).name);
  const decoded = await Promise.all(stored.map((each) => decoder.decode(each)));
  return decoded.flatMap(({ record }) => (record.type === name ? [record.data as Records[N]] : []));
}

/** Tokens that the provider has generated, as its worker counts them when they arrive. */
async function generated(): Promise<number> {
  const pages = await Promise.all(
    platform
      .processes()
      .flatMap(({ adminPort }) =>
        adminPort === undefined ? [] : [fetch(`http://127.0.0.1:${adminPort}/metrics`).then((page) => page.text())],
      ),
  );
  return pages.reduce((sum, page) => sum + sumOf(page, 'khipu_model_generated_tokens_total'), 0);
}

test(`${TRIES} clients that hang up at any byte leave no token unbilled`, {
  timeout: 120_000 + TRIES * 1_000,
}, async () => {
  const before = await generated();
  const hung: HungUp[] = [];
  for (let from = 0; from < TRIES; from += AT_ONCE) {
    const group = Array.from({ length: Math.min(AT_ONCE, TRIES - from) }, (_, n) => byteOf(from + n));
    hung.push(...(await Promise.all(group.map((byte) => hangUpAt(platform, PROMPT, byte)))));
  }
  // Clients hung up before, in the middle of and after the answer.
  expect(hung.filter(({ text, whole }) => text !== '' && !whole).length).toBeGreaterThan(TRIES / 3);

  // What a client that left at once had sent is in the log by then.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const { starts, metered } = await until(
    async () => {
      const sent = (await written(kafka, 'StartSession')).filter(({ prompt }) => prompt === PROMPT);
      const ids = new Set(sent.map(({ sessionId }) => sessionId));
      const uses = await written(kafka, 'SlmMetered');
      return { starts: ids, metered: uses.filter(({ sessionId }) => ids.has(sessionId ?? '')) };
    },
    (found) => found.starts.size <= found.metered.length,
    120_000,
  );
  // A request whose client left before the gateway had read it was never sent, and asked nothing of the provider.
  expect(starts.size).toBeGreaterThanOrEqual(hung.filter(({ sessionId }) => sessionId !== null).length);
  expect(starts.size).toBeLessThanOrEqual(TRIES);
  // Each request is metered once.
  expect(metered.map(({ sessionId }) => sessionId).toSorted()).toEqual([...starts].toSorted());

  // Nothing that the provider generated is unbilled, and nothing else is billed.
  const billed = metered.reduce((sum, { tokensConsumed }) => sum + tokensConsumed.completion, 0);
  expect(billed).toBe((await generated()) - before);
  expect(metered.filter(({ tokensConsumed: used }) => used.completion > 0 && used.prompt === 0)).toEqual([]);
  const bySession = new Map(metered.map((use) => [use.sessionId, use.tokensConsumed]));
  for (const { sessionId, text } of hung)
    if (sessionId !== null)
      expect(bySession.get(sessionId)?.completion, sessionId).toBeGreaterThanOrEqual(countTokens(text));

  // The usage that the API shows is the metered one.
  const api = new ApiClient(platform);
  for (const { sessionId } of hung.slice(0, 60)) {
    if (sessionId === null) continue;
    const { body } = await until(
      () => api.call<{ usage?: readonly { tokens_consumed: unknown }[] }>('GET', `/v1/sessions/${sessionId}`),
      ({ status, body: { usage } }) => status === 200 && (usage?.length ?? 0) > 0,
    );
    expect(body.usage?.map((use) => use.tokens_consumed)).toEqual([bySession.get(sessionId)]);
  }
  const cancelled = metered.filter(({ outcome }) => outcome === 'failed').length;
  console.info(
    `${TRIES} clients: ${starts.size} requests, ${cancelled} cancelled, ${billed} tokens generated and billed`,
  );
});
