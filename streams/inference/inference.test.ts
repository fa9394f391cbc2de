import { describe, expect, it } from 'vitest';
import {
  embeddingCompleted,
  inferenceCompleted,
  inferenceFailed,
  slmEmbedded,
  slmEmbeddingRequested,
  slmRequested,
} from '../../schemas/generated/records.ts';
import { seedOf } from '../kernel/seed.ts';
import { scenarios } from '../kernel/testing.ts';
import { aDelta, aFailure, anAnswer, anEmbedding, anInference, aStart, decisionOn, denied } from '../testing.ts';
import { inference } from './inference.ts';

const { when } = scenarios(inference);
const subject = { subjectId: 'request-1', origin: 'inference', requestId: 'request-1' } as const;
const ofInference = <R extends { type: string; data: object }>(record: R): R => ({
  ...record,
  data: { ...record.data, ...subject },
});

describe('inference', () => {
  it('asks the model for what was allowed', () => {
    const decision = decisionOn(anInference({ model: 'small' }));
    when(decision).then(
      slmRequested({
        ...subject,
        principal: 'key-1',
        model: 'small',
        messages: [{ role: 'user', content: 'What is a khipu?' }],
        maxTokens: 256,
        temperature: 0.2,
        seed: seedOf('request-1'),
        decisionId: decision.data.decision.decisionId,
      }),
    );
  });

  it('asks the model for embeddings', () => {
    const decision = decisionOn(anEmbedding());
    when(decision).then(
      slmEmbeddingRequested({
        ...subject,
        principal: 'key-1',
        model: null,
        input: ['knot', 'cord'],
        decisionId: decision.data.decision.decisionId,
      }),
    );
  });

  it('bounds the answer asked for', () => {
    const [request] = when(decisionOn(anInference({ maxTokens: 1_000_000 }))).records;
    expect(request?.data).toMatchObject({ maxTokens: 2_048 });
  });

  it.each([anInference(), anEmbedding()])('refuses what was denied: $type', (command) => {
    const [refusal] = when(decisionOn(command, denied)).records;
    expect(refusal?.type).toBe('InferenceRefused');
    expect(refusal?.data).toMatchObject({ requestId: 'request-1', code: 'POLICY_DENIED' });
  });

  it('waits for the whole answer', () => {
    when(ofInference(aDelta('x', 0, 'A'))).then();
    when(ofInference(anAnswer('x', 'A khipu is…'))).then(
      inferenceCompleted({
        requestId: 'request-1',
        text: 'A khipu is…',
        modelId: 'model-1',
        finishReason: 'stop',
        tokensConsumed: { prompt: 5, completion: 7 },
        latencyMs: 12,
      }),
    );
  });

  it('passes embeddings on', () => {
    const facts = { vectors: [[1, 0.5]], modelId: 'm', tokensConsumed: { prompt: 2, completion: 0 }, latencyMs: 3 };
    when(slmEmbedded({ ...subject, ...facts })).then(embeddingCompleted({ requestId: 'request-1', ...facts }));
  });

  it('says when no answer could be had', () => {
    when(ofInference(aFailure('x'))).then(
      inferenceFailed({ requestId: 'request-1', code: 'SLM_UNAVAILABLE', detail: 'no model answers' }),
    );
  });

  it('passes over sessions and their answers', () => {
    when(decisionOn(aStart())).then();
    when(anAnswer('turn-1', 'x')).then();
  });
});
