import type { IncomingMessage } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import { describe, expect, test } from 'vitest';
import { LogError } from '../../infra/kafka/errors.ts';
import { createLogger } from '../../infra/kit/logger.ts';
import { anyCovers as covers } from '../../schemas/capabilities.ts';
import { FailureLimit } from './auth/failure-limit.ts';
import { accepts } from './content-negotiation.ts';
import { digestOf, identityOf } from './idempotency.ts';
import { preferenceOf, waitMsOf } from './prefer.ts';
import { problemOf } from './problems/from-error.ts';
import { refusalProblem } from './problems/problem.ts';
import { requestLogger } from './request-logger.ts';
import { keepTraceparent, traceparentOf } from './trace.ts';

const caller = (tenantId: string, principal: string) =>
  ({ kind: 'api_key', tenantId, principal, capabilities: [] }) as const;

describe('capabilities', () => {
  test.each([
    [['slm:invoke:*'], 'slm:invoke:a:b', true],
    [['slm:invoke:*'], 'slm:invoke:*', true],
    [['slm:invoke:*'], 'slm:invoke', false],
    [['slm:invoke:*'], 'slm:embed:x', false],
    [['slm:inv*'], 'slm:invoke:x', false],
    [['slm:invoke:a'], 'slm:invoke:*', false],
    [['*'], 'tool:execute:x', true],
    [[], 'slm:invoke:x', false],
  ])('%j covers %s: %s', (granted, wanted, expected) => expect(covers(granted, wanted)).toBe(expected));
});

describe('identity', () => {
  test('is derived from tenant, principal, operation, path and key', () => {
    const start = { operationId: 'start', tenantId: 'a', params: {} };
    const one = identityOf(caller('a', 'p'), start, 'k');
    expect(identityOf(caller('a', 'p'), start, 'k')).toMatchObject({
      commandId: one.commandId,
      subjectId: one.subjectId,
    });
    for (const other of [
      identityOf(caller('b', 'p'), start, 'k'),
      identityOf(caller('a', 'q'), start, 'k'),
      identityOf(caller('a', 'p'), { ...start, operationId: 'other' }, 'k'),
      identityOf(caller('a', 'p'), { ...start, tenantId: 'b' }, 'k'),
      identityOf(caller('a', 'p'), { ...start, params: { role: 'r' } }, 'k'),
      identityOf(caller('a', 'p'), start, 'l'),
      identityOf(caller('a', 'p'), start, undefined),
    ])
      expect([other.commandId, other.subjectId]).not.toContain(one.subjectId);
  });
  test('the digest of a request does not depend on the order of its fields', () => {
    expect(digestOf({ a: 1, b: { c: 2, d: 3 } })).toBe(digestOf({ b: { d: 3, c: 2 }, a: 1 }));
  });
});

describe('headers', () => {
  test.each([
    [undefined, 'application/json', true],
    ['*/*', 'application/json', true],
    ['text/html, application/*;q=0.5', 'application/json', true],
    ['text/html', 'application/json', false],
    ['application/json;q=0, */*', 'application/json', false],
    ['TEXT/event-stream', 'text/event-stream', true],
    ['', 'application/json', true],
    ['application/json; charset=UTF-8', 'application/json', true],
    ['application/json; charset=latin1', 'application/json', false],
    ['application/json; q=0.000', 'application/json', false],
  ])('Accept %s allows %s: %s', (header, type, expected) => expect(accepts(header, type)).toBe(expected));

  test('a preference limits the wait and never extends it', () => {
    expect(waitMsOf(preferenceOf('respond-async, wait=10'), 5_000)).toBe(0);
    expect(waitMsOf(preferenceOf('wait=2'), 5_000)).toBe(2_000);
    expect(waitMsOf(preferenceOf(['wait=9', 'return=minimal']), 5_000)).toBe(5_000);
    expect(waitMsOf(preferenceOf(undefined), 5_000)).toBe(5_000);
  });

  test('a valid trace continues with a new span, and an invalid one is replaced', () => {
    const trace = 'a'.repeat(32);
    const of = (traceparent: string) => traceparentOf({ headers: { traceparent } });
    expect(of(`00-${trace}-${'b'.repeat(16)}-00`)).toMatch(new RegExp(`^00-${trace}-(?!b{16})[0-9a-f]{16}-00$`));
    expect(of(`00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`)).not.toContain('0'.repeat(32));
    expect(of('nonsense')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  test('all commands of a request, and the lines of its log, are of one trace', () => {
    const request = { headers: {} } as IncomingMessage;
    const traceparent = traceparentOf(request);
    expect(traceparentOf(request)).toBe(traceparent);
    const lines: string[] = [];
    const parent = createLogger('test', 'info', { write: (line) => lines.push(line) }) as FastifyBaseLogger;
    requestLogger(parent, { reqId: 'r' }, {}, request).warn('said');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ reqId: 'r', trace_id: traceparent.slice(3, 35), msg: 'said' });
    keepTraceparent(request, `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`);
    expect(traceparentOf(request)).toMatch(/^00-a{32}-b{16}-00$/);
  });
});

describe('problems', () => {
  test('a refusal keeps its code when the catalogue does not have it', () => {
    expect(refusalProblem('KILL_SWITCH', 'x', {}).status).toBe(503);
    const own = refusalProblem('TOO_EXPENSIVE', 'x', {});
    expect([own.status, own.options.refusalCode]).toEqual([403, 'TOO_EXPENSIVE']);
  });
  test('every log error has a problem, and a bug does not expose its text', () => {
    expect(problemOf(new LogError('LOG_OVERLOADED', 'x')).code).toBe('LOG_OVERLOADED');
    expect(problemOf(new LogError('RECORD_TOO_LARGE', 'x')).status).toBe(413);
    expect(problemOf(new LogError('LOG_PROTOCOL', 'secret')).message).not.toContain('secret');
    expect(problemOf(new Error('secret'))).toMatchObject({ code: 'UNEXPECTED', status: 500 });
    expect(problemOf(new Error('secret')).message).not.toContain('secret');
  });
});

test('failures of an address count for a minute', () => {
  const limit = new FailureLimit();
  for (let n = 0; n < 30; n += 1) limit.count('1.2.3.4', 1_000);
  expect(limit.exceeded('1.2.3.4', 2_000)).toBe(true);
  expect(limit.exceeded('1.2.3.5', 2_000)).toBe(false);
  expect(limit.exceeded('1.2.3.4', 62_000)).toBe(false);
});
