import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { verifyingEngine } from '../../../infra/bin/policy/engines.ts';
import { explainDecision } from '../../../infra/bin/policy/explain.ts';
import { replayDecisions } from '../../../infra/bin/policy/replay.ts';
import { checkConstitution, whatIf } from '../../../infra/bin/policy/what-if.ts';
import { readTable } from '../../../infra/bin/setup/constitution.ts';
import { canonicalJson } from '../../../infra/governance/constitution/canonical-json.ts';
import { defaultConstitution } from '../../../infra/governance/constitution/default.ts';
import { preAuthenticationEncoding } from '../../../infra/governance/constitution/dsse.ts';
import { CONSTITUTION_PAYLOAD_TYPE } from '../../../infra/governance/constitution/signing.ts';
import { constitutionSigner } from '../../../infra/security/load-keys.ts';
import type { ConstitutionDocument } from '../../../schemas/contexts/constitution/document.ts';
import { topics } from '../../../schemas/topics.ts';
import { table } from '../../../streams/kernel.ts';
import { type ProblemJson, type StartedJson, until } from '../../support/api-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

/** The example of the documentation. */
const added = JSON.parse(readFileSync('docs/examples/forbid-a-sequence.json', 'utf8')) as Pick<
  ConstitutionDocument,
  'sequences' | 'policies' | 'tests'
>;
const document: ConstitutionDocument = {
  ...defaultConstitution,
  version: '2.0.0',
  ...added,
  policies: [...defaultConstitution.policies, ...added.policies],
  tests: [...defaultConstitution.tests, ...added.tests],
};

let platform: Harness;
beforeAll(async () => {
  platform = await startHarness({ KHIPU_CONSTITUTION_REVIEWS_REQUIRED: '0', KHIPU_TOKEN_TTL_S: '86400' });
  await putInForce(document);
});
afterAll(() => platform.close());
afterEach(() => {
  vi.useRealTimers();
});

async function putInForce(next: ConstitutionDocument): Promise<void> {
  const post = (path: string, body: object) => platform.api.call('POST', `/v1/constitutions${path}`, { body });
  const { version } = next;
  const proposed = await post('', { document: next });
  expect(proposed.status).toBe(201);
  const digest = proposed.body['digest'];
  const signer = constitutionSigner(platform.config);
  const sig = sign(null, preAuthenticationEncoding(CONSTITUTION_PAYLOAD_TYPE, canonicalJson(next)), signer.privateKey);
  await post(`/${version}/signatures`, { digest, keyid: signer.keyId, sig: sig.toString('base64') });
  expect((await post('/activations', { version, digest })).status).toBe(200);
  await until(
    () => platform.api.start({ persona: 'guide' }),
    ({ body }) => body.decision?.constitution.version === version,
  );
}

const started = async (body: object = {}): Promise<StartedJson> =>
  (await platform.api.start({ persona: 'guide', ...body })).body;
const infer = ({ token }: StartedJson, body: object = {}) =>
  platform.api.call<ProblemJson>('POST', '/v1/slm/infer_sync', { token, body: { prompt: 'Translate it.', ...body } });
const summaries = table({
  name: 'summaries',
  topic: topics.auditEvents,
  initial: [] as readonly string[],
  evolve: (all, { data }) => [...all, data.summary],
});
const leaves = {
  status: 403,
  body: {
    code: 'POLICY_DENIED',
    detail: expect.stringContaining('PERSONAL_DATA_LEAVES, clause sequence:personal-data-leaves'),
    decision: { outcome: 'deny', reasons: ['PERSONAL_DATA_LEAVES'], clauses: ['sequence:personal-data-leaves'] },
  },
};

describe('a constitution with a sequence', () => {
  test('denies another model once a turn has brought personal data into the session', async () => {
    const session = await started();
    expect((await infer(session, { model: 'large' })).status).toBe(200);
    const turn = await platform.api.turn(session, 'Write a letter to ana@example.com, please.');
    expect((await platform.api.stream(session, turn.body.turn_url)).at(-1)?.event).toBe('turn.completed');
    expect(await infer(session, { model: 'large' })).toMatchObject(leaves);
    expect((await infer(session)).status).toBe(200);
    expect((await infer(await started(), { model: 'large' })).status).toBe(200);
  });

  test('uses the declared labels, and audits the remembered ones', async () => {
    const session = await started({ labels: ['customer-data'] });
    expect(await infer(session, { model: 'large' })).toMatchObject(leaves);
    const lines = await until(
      () => readTable(platform.log, platform.decoder, summaries),
      (all) => all.some((line) => line.includes(`remembered of session ${session.session_id}`)),
    );
    expect(lines).toContain(`remembered of session ${session.session_id}: 0 labels, 1 sequences`);
  });

  test('is not needed for one request with both labels: a rule sees them', async () => {
    const body = { model: 'large', prompt: 'Translate this.', labels: ['customer-data'] };
    expect(await infer(await started(), body)).toMatchObject({
      status: 403,
      body: { decision: { clauses: ['forbid-personal-data-outside'] } },
    });
  });

  test.each([['Not A Label'], Array.from({ length: 17 }, (_, n) => `label-${n}`)])(
    'rejects labels such as %s',
    async (...labels) => {
      const { status, body } = await platform.api.start({ persona: 'guide', labels });
      expect([status, (body as ProblemJson).code]).toEqual([400, 'REQUEST_INVALID']);
    },
  );
});

test('decisions on a history are recomputed, explained, and compared with a constitution without sequences', async () => {
  const session = await started({ labels: ['customer-data'] });
  const { body } = await infer(session, { model: 'large' });
  const { log, decoder, config } = platform;
  const engine = verifyingEngine(config);
  const onProgress = () => undefined;
  const replayed = await replayDecisions(log, decoder, engine, { limit: 1_000, onProgress });
  expect(replayed).toMatchObject({ equal: replayed.decisions, different: 0 });
  const { explanation } = await explainDecision(log, decoder, engine, body.decision?.decision_id ?? '');
  expect(explanation).toMatchObject({
    sequences: [{ sequence: 'personal-data-leaves', reached: 1, steps: 2, commands: [expect.any(String)] }],
    counterfactuals: [{ what: 'name no model' }],
  });
  const compare = async (changes: Partial<ConstitutionDocument>) => {
    const { constitution } = checkConstitution({ ...document, version: 'other', ...changes }, engine);
    return whatIf(log, decoder, constitution, engine, { limit: 1_000, examples: 0, onProgress });
  };
  expect(await compare({})).toMatchObject({ allowToDeny: 0, denyToAllow: 0 });
  const without = await compare({ sequences: [], tests: defaultConstitution.tests });
  expect(without.allowToDeny).toBe(0);
  expect(without.denyToAllow).toBeGreaterThan(0);
});

describe('a session', () => {
  const HOUR = 60 * 60 * 1_000;
  const startedBefore = async (ms: number, idempotencyKey: string) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - ms });
    expect((await platform.api.start({ persona: 'guide' }, { idempotencyKey })).status).toBe(201);
    vi.useRealTimers();
    return platform.api.start({ persona: 'guide' }, { idempotencyKey });
  };

  test('ends a day after its start: no key returns a token that expires later', async () => {
    const { status, body } = await startedBefore(23 * HOUR, 'yesterday');
    expect(status).toBe(201);
    const leftMs = Date.parse(body.expires_at) - Date.now();
    expect(leftMs).toBeGreaterThan(0.9 * HOUR);
    expect(leftMs).toBeLessThanOrEqual(HOUR);
    const over = await startedBefore(24 * HOUR, 'the-day-before');
    expect([over.status, over.body.code]).toEqual([410, 'SESSION_EXPIRED']);
  });
});
