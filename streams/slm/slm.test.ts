import { describe, expect, it } from 'vitest';
import { noTools } from '../../schemas/contexts/slm/messages.ts';
import {
  type AnyRecord,
  cancelSlmRequest,
  type SlmRequested,
  slmEmbeddingRequested,
  slmRequested,
} from '../../schemas/generated/records.ts';
import type { Meta } from '../kernel.ts';
import { SESSION } from '../testing.ts';
import { slm } from './slm.ts';

const request = (changes: Partial<SlmRequested> = {}): AnyRecord =>
  slmRequested({
    ...{ subjectId: SESSION, origin: 'conversation', requestId: 'turn-1', sessionId: SESSION, turnId: 'turn-1' },
    ...{ turnSequence: 2, principal: 'key-1', model: null, messages: [], maxTokens: 9, temperature: 0, seed: 1 },
    ...{ stop: [], responseFormat: null, ...noTools, decisionId: 'decision-1', lane: 'interactive', ...changes },
  });
const embedding = (requestId: string): AnyRecord =>
  slmEmbeddingRequested({
    ...{ subjectId: requestId, origin: 'inference', requestId, sessionId: null, turnId: null },
    ...{ principal: 'key-1', model: null, input: ['knot'], decisionId: 'decision-1', lane: 'interactive' },
  });
const cancel = (origin: string, requestId: string): AnyRecord =>
  cancelSlmRequest({ subjectId: SESSION, origin, requestId, reason: 'TURN_TIMEOUT' });

describe('the worker that asks language models', () => {
  it('serves the requests of one subject in order, and cancels with them', () => {
    for (const record of [request(), request({ requestId: 'turn-2' }), cancel('conversation', 'turn-1')])
      expect(slm.key(record, {} as Meta)).toBe(SESSION);
    expect(slm.key(embedding('request-1'), {} as Meta)).toBe('request-1');
  });

  it('ends the request that a cancel names, and no other', () => {
    const ends = (by: AnyRecord, earlier: AnyRecord): boolean | undefined => slm.cancels?.of(by, earlier);
    expect(slm.cancels?.by).toEqual(['CancelSlmRequest']);
    expect(ends(cancel('conversation', 'turn-1'), request())).toBe(true);
    expect(ends(cancel('inference', 'request-1'), embedding('request-1'))).toBe(true);
    expect(ends(cancel('conversation', 'turn-2'), request())).toBe(false);
    expect(ends(cancel('inference', 'turn-1'), request())).toBe(false);
    expect(ends(cancel('conversation', 'turn-1'), cancel('conversation', 'turn-1'))).toBe(false);
  });

  it('leaves a quarter of its capacity to other tenants', () => {
    expect(slm.tenantConcurrencyMax).toBe(0.75 * slm.concurrencyMax);
  });
});
