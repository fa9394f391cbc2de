import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDecisions } from '../../../infra/bin/policy/decisions.ts';
import { loadConfig } from '../../../infra/config.ts';
import { defaultConstitution } from '../../../infra/governance/default-constitution.ts';
import { connectKafka } from '../../../infra/kafka/connect.ts';
import { createApiKey } from '../../../infra/keys/api-key-file.ts';
import { constitutionSigner } from '../../../infra/keys/load.ts';
import { createLogger } from '../../../infra/telemetry/logger.ts';
import { PARTITIONS } from '../../../schemas/topics.ts';
import { ApiClient, until } from '../../support/api-client.ts';
import { khipu } from '../../support/khipu.ts';
import { killed } from '../../support/killed.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { signatureOf } from '../../support/signature.ts';
import { clientOf } from '../support/taken-turn.ts';

/** Their commands lie in different partitions, so that different tasks decide on them. */
const TENANTS = ['weavers', 'carders', 'menders'];
const EVERY_MS = 40;
/** Before the first boundary and behind the last one, so that there is something on both sides in each partition. */
const REQUESTS_BESIDE = 90;
/** Too long an answer for the second constitution, so that a verdict tells which one gave it. */
const MAX_TOKENS = 1_200;
const [FIRST, SECOND] = [defaultConstitution.version, 'under-load'];
const second = {
  ...defaultConstitution,
  version: SECOND,
  limits: { ...defaultConstitution.limits, max_tokens_max: 1_000 },
  tests: defaultConstitution.tests.filter(({ name }) => name !== 'a long prompt with a long answer'),
};

interface Verdict {
  readonly tenantId: string;
  readonly requestId: string;
  readonly partition: number;
  readonly version: string;
  readonly outcome: string;
  readonly reason: string | undefined;
}

/** In the order of each partition. */
async function verdictsOn(platform: TestPlatform): Promise<readonly Verdict[]> {
  const kafka = await connectKafka(loadConfig(platform.env), 'test', createLogger('test', 'fatal'));
  const verdicts: Verdict[] = [];
  try {
    await readDecisions(kafka.log, kafka.decoder, ({ record, meta: { tenantId, partition } }) => {
      if (record.type !== 'PolicyDecided' || !TENANTS.includes(tenantId)) return true;
      const { subjectId: requestId, decision } = record.data;
      const { constitutionVersion: version, outcome, reasons } = decision;
      return verdicts.push({ tenantId, requestId, partition, version, outcome, reason: reasons[0] }) > 0;
    });
    return verdicts;
  } finally {
    await kafka.close();
  }
}

/** Versions in the order of decisions, each run of the same as one. */
const runsOf = (verdicts: readonly Verdict[]): string =>
  verdicts
    .map(({ version }) => version)
    .filter((version, at, all) => version !== all[at - 1])
    .join(' > ');

/** One constitution takes the place of another and gives it back while requests come and what decides is killed. */
export function describeConstitution(platform: () => TestPlatform): void {
  describe('a constitution under load', () => {
    const asked: string[] = [];
    let verdicts: readonly Verdict[] = [];
    let asking = Promise.resolve();
    let over = false;

    const operate = (path: string, body: object) =>
      clientOf(platform()).call<Record<string, unknown>>('POST', `/v1/constitutions${path}`, { body });
    const decidedBy = async (): Promise<string | undefined> =>
      (await clientOf(platform()).start({ persona: 'guide' })).body.decision?.constitution.version;

    async function publish(): Promise<string> {
      const digest = String((await operate('', { document: second })).body['digest']);
      const signature = signatureOf(second, constitutionSigner(loadConfig(platform().env)));
      const { body } = await operate(`/${SECOND}/signatures`, { digest, ...signature });
      expect(body).toMatchObject({ status: 'published' });
      return digest;
    }

    /** The process that activates it is the one that is killed: the command waits in the log meanwhile. */
    async function activateThroughKill(version: string, digest: string): Promise<void> {
      const [{ status }] = await Promise.all([
        operate('/activations', { version, digest }),
        killed(platform(), 'stream-core'),
      ]);
      expect([200, 202]).toContain(status);
      await until(decidedBy, (deciding) => deciding === version, 60_000);
    }

    async function askOn(clients: readonly ApiClient[]): Promise<void> {
      const body = { prompt: 'What is a khipu?', max_tokens: MAX_TOKENS };
      for (let nth = 0; !over; nth += 1) {
        const headers = { prefer: 'respond-async', 'idempotency-key': randomUUID() };
        const api = clients[nth % clients.length];
        const answer = await api?.call('POST', '/v1/slm/infer_sync', { body, headers });
        expect(answer?.status).toBe(202);
        asked.push(String(answer?.body['request_id']));
        await sleep(EVERY_MS);
      }
    }

    beforeAll(async () => {
      const keysDir = join(platform().dir, 'keys');
      const clients = TENANTS.map((tenantId) => {
        const { key } = createApiKey({ keysDir, tenantId, name: tenantId, capabilities: ['slm:invoke:*'] });
        return new ApiClient({ url: platform().url, apiKey: key });
      });
      for (const api of clients)
        await until(
          () => api.call('GET', '/v1/sessions'),
          ({ status }) => status === 200,
        );
      const digest = await publish();
      const { body: first } = await clientOf(platform()).call<{ digest: string }>('GET', `/v1/constitutions/${FIRST}`);
      asking = askOn(clients);
      // A request that failed is told where it is awaited.
      asking.catch(() => undefined);
      const more = async (requests: number): Promise<void> => {
        const enough = asked.length + requests;
        while (asked.length < enough) await Promise.race([sleep(EVERY_MS), asking]);
      };
      await more(REQUESTS_BESIDE);
      await activateThroughKill(SECOND, digest);
      await more(REQUESTS_BESIDE);
      await activateThroughKill(FIRST, first.digest);
      await more(REQUESTS_BESIDE);
      over = true;
      await asking;
      verdicts = await until(
        () => verdictsOn(platform()),
        (found) => found.length >= asked.length,
        60_000,
      );
    }, 240_000);

    // Whatever fails, the tests that follow stand under the first one.
    afterAll(async () => {
      over = true;
      await asking.catch(() => undefined);
      const { body } = await clientOf(platform()).call<{ digest: string }>('GET', `/v1/constitutions/${FIRST}`);
      await operate('/activations', { version: FIRST, digest: body.digest });
    });

    test('decides every request once, though what decides was killed twice', () => {
      expect(verdicts.map(({ requestId }) => requestId).sort()).toEqual(asked.toSorted());
    });

    test('has one boundary an activation: all before it name the old version, all from there the new one', () => {
      const runs = TENANTS.flatMap((tenantId) =>
        Array.from({ length: PARTITIONS }, (_, partition) =>
          runsOf(verdicts.filter((verdict) => verdict.tenantId === tenantId && verdict.partition === partition)),
        ),
      );
      expect(runs).toEqual(runs.map(() => `${FIRST} > ${SECOND} > ${FIRST}`));
    });

    test('decides as the version says that it names', () => {
      for (const { version, outcome, reason } of verdicts)
        expect([version, outcome, reason]).toEqual(
          version === FIRST ? [FIRST, 'allow', 'PERMITTED'] : [SECOND, 'deny', 'MAX_TOKENS_TOO_LARGE'],
        );
    });

    test('leaves decisions that are made again byte for byte, under either version', async () => {
      const { code, stdout, stderr } = await khipu(['policy', 'replay', '--json'], platform().env);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { decisions, equal } = JSON.parse(stdout) as { decisions: number; equal: number };
      expect(decisions).toBeGreaterThanOrEqual(verdicts.length);
      expect(equal).toBe(decisions);
    });
  });
}
