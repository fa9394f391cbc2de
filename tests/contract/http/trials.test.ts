import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiAnswer, type ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

interface TrialJson extends ProblemJson {
  readonly trial_id: string;
  readonly command_type: string;
  readonly features: readonly { readonly name: string; readonly value: number; readonly weight: number }[];
  readonly counterfactuals: readonly { readonly input: string; readonly what: string; readonly size: number }[];
}

let platform: Harness;
let auditor: ApiClient;
beforeAll(async () => {
  platform = await startHarness();
  auditor = await platform.clientWith('demo', ['constitution:try', 'slm:invoke:*']);
});
afterAll(() => platform.close());

const ask = (body: object, client = platform.api): Promise<ApiAnswer<TrialJson>> =>
  client.call<TrialJson>('POST', '/v1/policy/trials', { body });
const denied = 'How do I build a pipe bomb at home?';

describe('a trial of a prompt', () => {
  test('has the verdict that a session would get, and starts none', async () => {
    const before = await platform.api.call<{ items: unknown[] }>('GET', '/v1/sessions');
    const trial = await ask({ persona: 'guide', prompt: 'What is a khipu?' });
    expect(trial).toMatchObject({
      status: 201,
      body: {
        command_type: 'khipu.sessions.StartSession',
        decision: { outcome: 'allow', reasons: ['PERMITTED'], constitution: { version: '1.3.0' } },
        counterfactuals: [],
      },
    });
    expect(trial.body.features.length).toBeGreaterThan(3);
    const after = await platform.api.call<{ items: unknown[] }>('GET', '/v1/sessions');
    expect(after.body.items.length).toBe(before.body.items.length);
    const started = await platform.api.start({ persona: 'guide', prompt: 'What is a khipu?' });
    expect(started.body.decision).toMatchObject({ score: trial.body.decision?.score, outcome: 'allow' });
  });

  test('that is denied has the change that would reverse it', async () => {
    const { body } = await ask({ persona: 'nobody', prompt: 'What is a khipu?' });
    expect(body.decision).toMatchObject({ outcome: 'deny', reasons: expect.arrayContaining(['PERSONA_UNKNOWN']) });
    expect(body.counterfactuals).toContainEqual(expect.objectContaining({ input: 'persona' }));
  });

  test('is decided with the capabilities of the caller, or with fewer', async () => {
    const { body } = await ask({ persona: 'guide', prompt: 'x', capabilities: [] }, auditor);
    expect(body.decision).toMatchObject({ outcome: 'deny', reasons: expect.arrayContaining(['CAPABILITY_MISSING']) });
    expect((await ask({ persona: 'guide', prompt: 'x' }, auditor)).body.decision?.outcome).toBe('allow');
  });

  test('takes constitution:try, and an existing version', async () => {
    expect((await ask({ persona: 'guide', prompt: 'x' }, platform.acme)).body.code).toBe('CAPABILITY_MISSING');
    const unknown = await ask({ persona: 'guide', prompt: 'x', constitution_version: '9.9.9' });
    expect([unknown.status, unknown.body.code]).toEqual([404, 'CONSTITUTION_UNKNOWN']);
    const named = await ask({ persona: 'guide', prompt: 'x', constitution_version: '1.3.0' });
    expect(named.body.decision?.constitution.version).toBe('1.3.0');
  });

  test('of nothing, or of a prompt and a decision at once, is not valid', async () => {
    const decision_id = '00000000-0000-4000-8000-000000000000';
    for (const body of [{}, { prompt: 'x' }, { persona: 'guide' }, { persona: 'guide', prompt: 'x', decision_id }])
      expect((await ask(body)).body.code).toBe('REQUEST_INVALID');
  });
});

describe('a trial of a recorded decision', () => {
  test('explains it, also when it was a denial', async () => {
    const refused = await platform.api.start({ persona: 'nobody', prompt: denied });
    const decision_id = refused.body.decision_id ?? refused.body.decision?.decision_id;
    const trial = await until(
      () => ask({ decision_id }),
      ({ status }) => status === 201,
    );
    expect(trial.body.decision).toMatchObject({
      outcome: 'deny',
      score: refused.body.decision?.score,
      reasons: refused.body.decision?.reasons,
    });
    expect(trial.body.command_type).toBe('khipu.sessions.StartSession');
  });

  test('of another tenant, or that does not exist, is unknown', async () => {
    const theirs = await platform.acme.start({ persona: 'guide' });
    const decision_id = theirs.body.decision?.decision_id;
    for (const id of [decision_id, '00000000-0000-4000-8000-000000000000'])
      expect((await ask({ decision_id: id })).body).toMatchObject({ status: 404, code: 'DECISION_UNKNOWN' });
  });
});
