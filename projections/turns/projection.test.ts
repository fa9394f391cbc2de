import { describe, expect, it } from 'vitest';
import { turnCompleted, turnFailed, turnQueued, turnRefused, turnStarted } from '../../schemas/generated/records.ts';
import { rowsOf } from '../testing/apply.ts';
import { conversation, decision } from '../testing/sample.ts';
import { turns } from './projection.ts';

const turn = { sessionId: 's', turnId: 't' };
const queued = turnQueued({
  ...turn,
  sequence: 2,
  position: 1,
  prompt: 'hi',
  model: 'm',
  maxTokens: 9,
  principal: 'p',
  decisionId: decision.decisionId,
  budget: null,
  persona: null,
  response: null,
});
const started = turnStarted({
  recalled: null,
  ...turn,
  sequence: 5,
  prompt: 'hi',
  model: 'm',
  deadline: null,
  budget: null,
});

describe('turns', () => {
  it('are completed with text, tokens and the range of their sequences', () => {
    expect(rowsOf(turns, conversation('s', 1, 3))).toMatchObject([
      { status: 'completed', text: 'p0 p1 p2 ', tokens_completion: 3, sequence_first: 2, sequence_last: 3 },
    ]);
  });

  it('keep what was recalled for them and what was found in their answers', () => {
    const recalled = { memories: [{ memoryId: 'm-1', digest: 'd-1' }], labels: ['untrusted'] };
    const began = turnStarted({ ...started.data, recalled });
    const moderation = {
      ...{ constitutionVersion: '1', constitutionDigest: 'd1', redacted: 1, classifier: null },
      findings: [{ rule: 'r', category: 'c', outcome: 'redact', score: 0.9, place: 'output' }],
    };
    const done = turnCompleted({
      ...{ ...turn, sequence: 6, attempt: 1, text: '[redacted]', modelId: 'm', finishReason: 'stop', latencyMs: 1 },
      ...{ tokensConsumed: { prompt: 1, completion: 1 }, cost: null, toolCalls: [], recalled, moderation },
    });
    expect(rowsOf(turns, [queued, began, done])).toMatchObject([
      {
        recalled: { memories: [{ memory_id: 'm-1', digest: 'd-1' }], labels: ['untrusted'] },
        moderation: { constitution_version: '1', redacted: 1, findings: [{ rule: 'r', outcome: 'redact' }] },
      },
    ]);
  });

  it('move from queued to running to failed', () => {
    expect(rowsOf(turns, [queued])).toMatchObject([{ status: 'queued', prompt: 'hi' }]);
    expect(rowsOf(turns, [queued, started])).toMatchObject([
      { status: 'running', sequence_first: 2, sequence_last: 5 },
    ]);
    const failed = turnFailed({ ...turn, sequence: 6, code: 'SLM_UNAVAILABLE', detail: 'away', refusal: null });
    expect(rowsOf(turns, [queued, started, failed])).toMatchObject([
      { status: 'failed', code: 'SLM_UNAVAILABLE', sequence_first: 2, sequence_last: 6 },
    ]);
  });

  it('keep the decision of a refusal, without a prompt', () => {
    const refused = turnRefused({
      ...turn,
      sequence: 2,
      code: 'POLICY_DENIED',
      detail: 'no',
      decision,
      shortfall: null,
    });
    const [row] = rowsOf(turns, [refused]);
    expect(row).toMatchObject({ status: 'refused', code: 'POLICY_DENIED', decision: { score: 0.9 } });
    expect(row).not.toHaveProperty('prompt');
  });
});
