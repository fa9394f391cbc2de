import { describe, expect, it } from 'vitest';
import { askPolicyEngine, type EngineAnswer } from '../../../schemas/generated/records.ts';
import { metaFor } from '../../../streams/kernel/testing.ts';
import type { AnyRecord, WorkContext } from '../../../streams/kernel.ts';
import { aTurn } from '../../../streams/testing.ts';
import { EngineUnavailable } from './client.ts';
import { createPolicyEngineHandler } from './handler.ts';

const question = askPolicyEngine({
  ...{ subjectId: 'session-1', commandId: 'command-1', command: aTurn('t', { prompt: 'said in confidence' }) },
  ...{ principal: 'key-1', action: 'SubmitTurn', resourceType: 'Model', resourceId: 'default', persona: 'guide' },
  ...{ promptChars: 18, maxTokens: 0, calls: 0 },
  ...{
    capabilities: ['slm:invoke:*'],
    moderation: [],
    labels: ['internal'],
    sessionLabels: [],
    constitutionVersion: '1',
    constitutionDigest: 'd1',
  },
  classifier: null,
});
const allow: EngineAnswer = { outcome: 'allow', reasons: [], engineDecisionId: null, detail: '', latencyMs: 3 };

/** Runs a question; returns the records of its end, and the inputs of the engine. */
async function ended(answer: () => Promise<EngineAnswer>, run: 'handle' | 'abandon' = 'handle', error?: unknown) {
  const ends: AnyRecord[] = [];
  const inputs: unknown[] = [];
  const context: WorkContext = {
    meta: { ...metaFor(question, { tenantId: 'acme' }), timeMs: Date.UTC(2026, 0, 2, 3, 4, 5) },
    ...{ attempt: 1, signal: new AbortController().signal, idempotencyKey: 'k', inherited: false },
    commit: () => Promise.reject(new Error('the handler must not commit before its end')),
    emit: () => Promise.reject(new Error('the handler must not emit before its end')),
    end: (...records) => void ends.push(...records),
  };
  const handler = createPolicyEngineHandler({
    ask: (input) => {
      inputs.push(input);
      return answer();
    },
  });
  await handler[run](question, context, error);
  return { ends, inputs };
}

describe('a question', () => {
  it('is asked with facts, without the prompt', async () => {
    const { inputs } = await ended(() => Promise.resolve(allow));
    expect(inputs).toEqual([
      {
        tenant: 'acme',
        principal: 'key-1',
        action: 'SubmitTurn',
        model: 'default',
        resource: { type: 'Model', id: 'default' },
        persona: 'guide',
        prompt_chars: 18,
        max_tokens: 0,
        calls: 0,
        capabilities: ['slm:invoke:*'],
        moderation: [],
        labels: ['internal'],
        session_labels: [],
        subject_id: 'session-1',
        command_id: 'command-1',
        time: '2026-01-02T03:04:05.000Z',
        constitution: { version: '1', digest: 'd1' },
      },
    ]);
    expect(JSON.stringify(inputs)).not.toContain('confidence');
  });

  it('ends in the answer, which carries the command', async () => {
    const { subjectId, commandId, command } = question.data;
    expect((await ended(() => Promise.resolve(allow))).ends).toEqual([
      { type: 'PolicyEngineAnswered', data: { subjectId, commandId, command, answer: allow, classifier: null } },
    ]);
  });

  it('is run again when a retry may help', async () => {
    const failed = new EngineUnavailable('answers 500', true, 7);
    await expect(ended(() => Promise.reject(failed))).rejects.toBe(failed);
    const lost = new Error('the partition is lost');
    await expect(ended(() => Promise.reject(lost))).rejects.toBe(lost);
  });

  it.each<[string, Parameters<typeof ended>]>([
    ['no retry can help', [() => Promise.reject(new EngineUnavailable('answers 401', false, 7))]],
    ['all runs are used', [() => Promise.resolve(allow), 'abandon', new EngineUnavailable('answers 401', true, 7)]],
  ])('ends unavailable, with a detail, when %s', async (_, run) => {
    const { ends } = await ended(...run);
    expect(ends).toMatchObject([
      { data: { answer: { outcome: 'unavailable', reasons: [], detail: 'answers 401', latencyMs: 7 } } },
    ]);
  });
});
