import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import { noTools, textMessage } from '../../schemas/contexts/slm/messages.ts';
import {
  embeddingCompleted,
  inferenceCompleted,
  inferenceFailed,
  inferenceRefused,
  inferenceStarted,
  slmCompleted,
  slmEmbedded,
  slmEmbeddingRequested,
  slmRequested,
  textModerated,
} from '../../schemas/generated/records.ts';
import { seedOf } from '../kernel/seed.ts';
import { scenarios } from '../kernel/testing.ts';
import {
  aFailure,
  aFinding,
  aModeration,
  anAnswer,
  anEmbedding,
  anInference,
  aStart,
  decisionOn,
  denied,
} from '../testing.ts';
import { inference } from './inference.ts';

const { given, when } = scenarios(inference);
const subject = { subjectId: 'request-1', origin: 'inference', requestId: 'request-1' } as const;
const request = { ...subject, sessionId: null, turnId: null };
const ofInference = <R extends { type: string; data: object }>(record: R): R => ({
  ...record,
  data: { ...record.data, ...subject },
});

const started = (decision = decisionOn(anInference())) =>
  inferenceStarted({
    requestId: 'request-1',
    principal: 'key-1',
    model: null,
    decisionId: decision.data.decision.decisionId,
  });

describe('moderation', () => {
  const report = {
    rules: [{ id: 'weapons', code: 'MODERATION_WEAPONS', severity: 'forbid' }],
    texts: [{ chars: 4, matched: [], findings: [] }],
  };
  const decision = decisionOn(aModeration());

  it('is answered with the report of its decision, at once', () => {
    const { decisionId, constitutionVersion, constitutionDigest } = decision.data.decision;
    when({ ...decision, data: { ...decision.data, moderation: report } }).then(
      textModerated({
        ...{ requestId: 'request-1', principal: 'key-1', decisionId, constitutionVersion, constitutionDigest, report },
      }),
    );
  });

  it('that policy denies is refused, for a caller without the capability', () => {
    const refused = decisionOn(aModeration(), { ...denied, reasons: ['CAPABILITY_MISSING'], clauses: [] });
    when(refused).then(inferenceRefused({ requestId: 'request-1', ...refusalOf(refused.data) }));
  });
});

describe('inference', () => {
  it('sends an allowed request to the model', () => {
    const decision = decisionOn(anInference({ model: 'small' }));
    when(decision).then(
      { ...started(decision), data: { ...started(decision).data, model: 'small' } },
      slmRequested({
        ...request,
        turnSequence: null,
        principal: 'key-1',
        model: 'small',
        messages: [textMessage('user', 'What is a khipu?')],
        maxTokens: 256,
        temperature: 0.2,
        seed: seedOf('request-1'),
        stop: [],
        responseFormat: null,
        ...noTools,
        decisionId: decision.data.decision.decisionId,
        lane: 'interactive',
      }),
    );
  });

  it('asks the model for embeddings', () => {
    const decision = decisionOn(anEmbedding());
    when(decision).then(
      started(decision),
      slmEmbeddingRequested({
        ...request,
        principal: 'key-1',
        model: null,
        input: ['knot', 'cord'],
        decisionId: decision.data.decision.decisionId,
        lane: 'interactive',
      }),
    );
  });

  it('bounds the length of the answer', () => {
    const [, request] = when(decisionOn(anInference({ maxTokens: 1_000_000 }))).records;
    expect(request?.data).toMatchObject({ maxTokens: 2_048 });
  });

  it.each([anInference(), anEmbedding()])('refuses a denied command: $type', (command) => {
    const [refusal] = when(decisionOn(command, denied)).records;
    expect(refusal?.type).toBe('InferenceRefused');
    expect(refusal?.data).toMatchObject({ requestId: 'request-1', code: 'POLICY_DENIED' });
  });

  it('ends with the whole answer', () => {
    given(started())
      .when(ofInference(anAnswer('x', 'A khipu is…')))
      .then(
        inferenceCompleted({
          requestId: 'request-1',
          text: 'A khipu is…',
          modelId: 'model-1',
          finishReason: 'stop',
          tokensConsumed: { prompt: 5, completion: 7 },
          latencyMs: 12,
          moderation: null,
        }),
      );
  });

  it('says what the rules of outputs found in the answer', () => {
    const { data } = ofInference(anAnswer('x', '[redacted]'));
    const [ended] = given(started()).when(slmCompleted({ ...data, moderation: aFinding })).records;
    expect(ended?.data).toMatchObject({ text: '[redacted]', moderation: aFinding });
  });

  it('passes embeddings on', () => {
    const facts = { vectors: [[1, 0.5]], modelId: 'm', tokensConsumed: { prompt: 2, completion: 0 }, latencyMs: 3 };
    given(started())
      .when(slmEmbedded({ ...subject, ...facts }))
      .then(embeddingCompleted({ requestId: 'request-1', ...facts }));
  });

  it('reports the failure of the model', () => {
    given(started())
      .when(ofInference(aFailure('x')))
      .then(
        inferenceFailed({ requestId: 'request-1', code: 'SLM_UNAVAILABLE', detail: 'no model answers', refusal: null }),
      );
  });

  it('asks the model once when a request is repeated while it runs', () => {
    given(started()).when(decisionOn(anInference())).then();
    given(started()).when(decisionOn(anInference(), denied)).then();
  });

  it('keeps no state of an ended request, and answers it once', () => {
    const ended = given(started()).when(ofInference(aFailure('x')));
    expect(ended.state).toBeUndefined();
    when(ofInference(aFailure('x'))).then();
  });

  it('ignores sessions and their answers', () => {
    when(decisionOn(aStart())).then();
    when(anAnswer('turn-1', 'x')).then();
  });
});
