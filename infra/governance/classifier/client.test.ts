import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askClassifier, type ClassifierAnswer } from '../../../schemas/generated/records.ts';
import { metaFor } from '../../../streams/kernel/testing.ts';
import type { AnyRecord, WorkContext } from '../../../streams/kernel.ts';
import { aTurn } from '../../../streams/testing.ts';
import { json, startTestEngine, type TestEngine } from '../policy-engine/testing.ts';
import { readScores } from './answer.ts';
import { ClassifierUnavailable, createClassifierClient, createClassifierMetrics } from './client.ts';
import { type ClassifierFailure, createClassifierHandler } from './handler.ts';

/** The test engine of the policy engine speaks plain HTTP: it is any service. */
let service: TestEngine;
beforeEach(async () => {
  service = await startTestEngine();
});
afterEach(() => service.close());

const scores = (...all: readonly object[]) =>
  json({ model: 'm-1', results: all.map((category_scores) => ({ category_scores })) });
const client = (changes: object = {}) => {
  const register = new Registry();
  const options = { url: service.url, token: 'secret', model: 'omni', timeoutMs: 2_000, ...changes };
  return { ...createClassifierClient(options, createClassifierMetrics(register)), register };
};
const never = new AbortController().signal;

describe('the outside classifier', () => {
  it('is asked like the moderations of OpenAI, and its highest scores are kept in order', async () => {
    service.answer = scores({ violence: 0.25, hate: 1.5 }, { violence: 0.1234567, 'self-harm/intent': null });
    const { ask, register } = client();
    expect(await ask(['one', 'two'], never)).toMatchObject({
      ...{ outcome: 'answered', model: 'm-1', detail: '' },
      scores: [
        { category: 'hate', score: 1 },
        { category: 'self-harm/intent', score: 0 },
        { category: 'violence', score: 0.25 },
      ],
    });
    expect(service.asked[0]).toMatchObject({
      headers: { authorization: 'Bearer secret' },
      body: { input: ['one', 'two'], model: 'omni' },
    });
    expect(await register.metrics()).toContain('khipu_classifier_requests_total{outcome="answered"} 1');
  });

  it.each([
    ['no JSON', 'x'],
    ['another number of results', JSON.stringify({ results: [{ category_scores: {} }, { category_scores: {} }] })],
    ['no scores', JSON.stringify({ results: [{ flagged: true }] })],
  ])('that answers with %s is invalid', (_, body) => {
    expect(readScores(body, 1, 3)).toMatchObject({ outcome: 'invalid', scores: [], latencyMs: 3 });
  });

  it('has at most 64 categories with names of its form', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`c${n}`, 0.5]));
    const { scores: kept } = readScores(
      JSON.stringify({ results: [{ category_scores: { ...many, 'Not a name!': 1 } }] }),
      1,
      0,
    );
    expect(kept).toHaveLength(64);
    expect(kept.map(({ category }) => category)).not.toContain('Not a name!');
  });

  it('that fails is asked again; one that refuses us is not', async () => {
    service.answer = json({}, 500);
    await expect(client().ask(['x'], never)).rejects.toMatchObject({ code: 'MODERATION_UNAVAILABLE', retryable: true });
    service.answer = json({}, 401);
    await expect(client().ask(['x'], never)).rejects.toMatchObject({ retryable: false, message: 'answers 401' });
  });

  it('is healthy while it answers anything but failures', async () => {
    let status = 405;
    const server = createServer((_, response) => void response.writeHead(status).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { health } = client({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/moderations` });
    expect((await health()).ok).toBe(true);
    status = 503;
    expect(await health()).toMatchObject({ ok: false });
    server.close();
  });
});

describe('a question', () => {
  const question = askClassifier({
    ...{ subjectId: 'session-1', commandId: 'command-1', command: aTurn('t'), texts: ['knots'] },
    ...{ constitutionVersion: '1', constitutionDigest: 'd1' },
  });
  async function ended(answer: () => Promise<ClassifierAnswer>, onFailure: ClassifierFailure, error?: unknown) {
    const ends: AnyRecord[] = [];
    const context: WorkContext = {
      ...{ meta: metaFor(question), attempt: 1, signal: never, idempotencyKey: 'k', inherited: false },
      commit: () => Promise.reject(new Error('no commit')),
      emit: () => Promise.reject(new Error('no emit')),
      end: (...records) => void ends.push(...records),
    };
    const handler = createClassifierHandler({ ask: answer }, onFailure);
    await (error === undefined ? handler.handle(question, context) : handler.abandon(question, context, error));
    return ends;
  }
  const answer: ClassifierAnswer = { outcome: 'answered', scores: [], model: '', detail: '', latencyMs: 1 };

  it('ends in the answer, which carries the command', async () => {
    const { subjectId, commandId, command } = question.data;
    expect(await ended(() => Promise.resolve(answer), 'refuse')).toEqual([
      { type: 'ClassifierAnswered', data: { subjectId, commandId, command, answer } },
    ]);
  });

  it.each([
    ['refuse', 'unavailable'],
    ['label', 'passed'],
  ] as const)('without an answer ends, by the setting %s, as %s', async (setting, outcome) => {
    const refused = new ClassifierUnavailable('answers 401', false, 7);
    const [end] = await ended(() => Promise.reject(refused), setting);
    expect(end?.data).toMatchObject({ answer: { outcome, detail: 'answers 401', latencyMs: 7 } });
    const [abandoned] = await ended(() => Promise.resolve(answer), setting, new Error('deadline'));
    expect(abandoned?.data).toMatchObject({ answer: { outcome, detail: 'deadline', latencyMs: 0 } });
  });

  it('is run again when a retry may help', async () => {
    const failed = new ClassifierUnavailable('answers 500', true, 7);
    await expect(ended(() => Promise.reject(failed), 'refuse')).rejects.toBe(failed);
  });
});
