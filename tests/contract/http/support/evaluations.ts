import { hash } from 'node:crypto';
import type { EvaluationResult } from '../../../../infra/evaluations/result.ts';
import { verdictLog } from '../../../../infra/jobs/evaluations.ts';
import { FilePieces } from '../../../../infra/kafka/file-pieces.ts';
import { type ApiClient, type StartedJson, until } from '../../../support/api-client.ts';
import type { Harness } from './harness.ts';

/** A verdict that a test writes. */
interface WrittenVerdict {
  /** Golden set of tenant demo. */
  readonly name: string;
  readonly runId: string;
  readonly verdict: string;
}

/** Writes the verdict of a run as its job does, which reads contents from Postgres and so does not run here. */
export async function keptVerdict(
  platform: Pick<Harness, 'api' | 'log' | 'decoder'>,
  { name, runId, verdict }: WrittenVerdict,
): Promise<void> {
  const { body: set } = await platform.api.call<{ version: number; digest: string }>(
    'GET',
    `/v1/evaluations/golden-sets/${name}`,
  );
  const result: EvaluationResult = {
    ...{ evaluation_id: runId, golden_set: { name, version: set.version, digest: set.digest }, cause: 'manual' },
    ...{ persona: { name: 'guide', version: 1, digest: 'd' }, models: ['m'], baseline: null, detail: 'fine' },
    ...{ verdict: verdict as EvaluationResult['verdict'], more_cases: null, scorers: [], tokens: 3, cost: 0 },
    ...{ repeats: 1, ended_at: new Date().toISOString(), cases: [] },
  };
  const bytes = Buffer.from(JSON.stringify(result));
  const digest = hash('sha256', bytes, 'hex');
  const appender = await platform.log.appender();
  const { codec } = platform.decoder;
  async function* content() {
    yield bytes;
  }
  const pieces = await new FilePieces({ appender, codec, now: Date.now, source: 'test' }).append(
    'demo',
    digest,
    content(),
  );
  const verdicts = verdictLog(platform);
  await verdicts.keepVerdict('demo', null, `demo/${name}`, {
    ...{ runId, persona: 'guide', personaVersion: 1, setVersion: set.version, setDigest: set.digest, repeats: 1 },
    ...{ baselineRunId: null, verdict, detail: 'fine', moreCases: null, cause: 'manual', models: ['m'], cases: 1 },
    ...{ modelsDigest: 'm', passed: 1, tokens: 3, result: { digest, bytes: bytes.length, pieces }, principal: 'key-1' },
  });
  await verdicts.close();
}

/** Resolves with a run of a golden set that the read model shows with its verdict. */
export async function runWithVerdict(
  platform: Pick<Harness, 'api' | 'log' | 'decoder'>,
  name: string,
): Promise<string> {
  const runId = crypto.randomUUID();
  await keptVerdict(platform, { name, runId, verdict: 'pass' });
  await until(
    () => platform.api.call('GET', `/v1/evaluations/runs/${runId}`),
    ({ status }) => status === 200,
  );
  return runId;
}

/** Resolves with a turn that has its answer. */
export async function endedTurn(api: ApiClient): Promise<{ readonly session_id: string; readonly turn_id: string }> {
  const body = { persona: 'guide', prompt: 'What does a cord say?' };
  const { body: started } = await api.call<StartedJson>('POST', '/v1/sessions/start', { body });
  type Session = { readonly turns?: readonly { readonly turn_id: string; readonly status: string }[] };
  const { body: session } = await until(
    () => api.call<Session>('GET', `/v1/sessions/${started.session_id}`),
    (answer) => answer.body.turns?.[0]?.status === 'completed',
  );
  return { session_id: started.session_id, turn_id: session.turns?.[0]?.turn_id ?? '' };
}
