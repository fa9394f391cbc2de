import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDecisions } from '../../../infra/bin/policy/decisions.ts';
import { loadConfig } from '../../../infra/config.ts';
import { defaultConstitution } from '../../../infra/governance/constitution/default.ts';
import { connectKafka } from '../../../infra/kafka/connect.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { createApiKey } from '../../../infra/security/api-key-file.ts';
import { constitutionSigner } from '../../../infra/security/load-keys.ts';
import { PARTITIONS_DEFAULT } from '../../../schemas/topics.ts';
import { ApiClient, until } from '../../support/api-client.ts';
import { khipu } from '../../support/khipu.ts';
import { killProcess } from '../../support/kill-process.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { signatureOf } from '../../support/signature.ts';
import { clientOf } from '../support/turn-fixture.ts';

/** Their commands are in different partitions, so that different tasks decide on them. */
const TENANTS = ['weavers', 'carders', 'menders'];
const EVERY_MS = 40;
/** Requests before the first boundary and after the last one, so that each partition has decisions on both sides. */
const REQUESTS_BESIDE = 90;
/** An answer length that the second constitution refuses, so that a verdict identifies its constitution. */
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

/** Returns the verdicts in the order of each partition. */
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

/** Returns the versions in the order of decisions, with runs of the same version collapsed. */
const runsOf = (verdicts: readonly Verdict[]): string =>
  verdicts
    .map(({ version }) => version)
    .filter((version, at, all) => version !== all[at - 1])
    .join(' > ');

/** Replaces one constitution by another and back, under load, while the deciding process is killed. */
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

    /** Activates a version while the activating process is killed: the command waits in the log meanwhile. */
    async function activateThroughKill(version: string, digest: string): Promise<void> {
      const [{ status }] = await Promise.all([
        operate('/activations', { version, digest }),
        killProcess(platform(), 'stream-all'),
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
      // A failed request is reported where it is awaited.
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

    // After any failure, the following tests need the first version.
    afterAll(async () => {
      over = true;
      await asking.catch(() => undefined);
      const { body } = await clientOf(platform()).call<{ digest: string }>('GET', `/v1/constitutions/${FIRST}`);
      await operate('/activations', { version: FIRST, digest: body.digest });
    });

    test('decides every request once, although the deciding process was killed twice', () => {
      expect(verdicts.map(({ requestId }) => requestId).sort()).toEqual(asked.toSorted());
    });

    test('has one boundary per activation: the old version before it, the new one after it', () => {
      const runs = TENANTS.flatMap((tenantId) =>
        Array.from({ length: PARTITIONS_DEFAULT }, (_, partition) =>
          runsOf(verdicts.filter((verdict) => verdict.tenantId === tenantId && verdict.partition === partition)),
        ),
      );
      expect(runs).toEqual(runs.map(() => `${FIRST} > ${SECOND} > ${FIRST}`));
    });

    test('decides by the rules of the version it names', () => {
      for (const { version, outcome, reason } of verdicts)
        expect([version, outcome, reason]).toEqual(
          version === FIRST ? [FIRST, 'allow', 'PERMITTED'] : [SECOND, 'deny', 'MAX_TOKENS_TOO_LARGE'],
        );
    });

    test('gives the same bytes when decisions are made again, under either version', async () => {
      const { code, stdout, stderr } = await khipu(['policy', 'replay', '--json'], platform().env);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { decisions, equal } = JSON.parse(stdout) as { decisions: number; equal: number };
      expect(decisions).toBeGreaterThanOrEqual(verdicts.length);
      expect(equal).toBe(decisions);
    });
  });
}
