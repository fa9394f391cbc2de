import { describe, expect, it } from 'vitest';
import { codeOf, messageOf } from '../../kit/errors.ts';
import { LogError, type LogErrorCode } from '../errors.ts';
import { isUnsettled, toLogError } from './failures.ts';

const failure = (type: string, cause?: unknown): Error =>
  Object.assign(new Error(`kafkajs: ${type}`, { cause }), { type });

describe('a failure of the client', () => {
  for (const [type, code, disposition] of [
    ['INVALID_PRODUCER_EPOCH', 'FENCED', 'restart'],
    ['PRODUCER_FENCED', 'FENCED', 'restart'],
    ['INVALID_PRODUCER_ID_MAPPING', 'FENCED', 'restart'],
    ['MESSAGE_TOO_LARGE', 'RECORD_TOO_LARGE', 'dead-letter'],
    ['RECORD_LIST_TOO_LARGE', 'RECORD_TOO_LARGE', 'dead-letter'],
    ['UNSUPPORTED_VERSION', 'LOG_PROTOCOL', 'crash'],
    ['SASL_AUTHENTICATION_FAILED', 'LOG_LOGIN_REFUSED', 'crash'],
    ['TOPIC_AUTHORIZATION_FAILED', 'LOG_FORBIDDEN', 'crash'],
    ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'LOG_FORBIDDEN', 'crash'],
    ['NOT_LEADER_FOR_PARTITION', 'LOG_UNAVAILABLE', 'retry'],
  ] as const)
    it(`of type ${type} is ${code}: ${disposition}`, () => {
      const error = toLogError(failure(type), 'LOG_UNAVAILABLE');
      expect([error.code, error.disposition]).toEqual([code, disposition]);
      expect(error.message).toContain(type);
    });

  it('is classified by its cause, at any depth of wrapping', () => {
    const wrapped = new Error('retries exceeded', {
      cause: new Error('send failed', { cause: failure('INVALID_PRODUCER_EPOCH') }),
    });
    const error = toLogError(wrapped, 'TRANSACTION_FAILED');
    expect(error.code).toBe('FENCED');
    expect(error.cause).toBe(wrapped);
  });

  it('is a refused login when the broker rejects it, under any name', () => {
    const refused = Object.assign(new Error('SASL PLAIN failed'), { name: 'KafkaJSSASLAuthenticationError' });
    expect(toLogError(new Error('retries', { cause: refused }), 'LOG_UNAVAILABLE').code).toBe('LOG_LOGIN_REFUSED');
  });

  it('is classified by the first of several errors reported together', () => {
    const together = Object.assign(new Error('Topic creation errors'), {
      errors: [failure('TOPIC_AUTHORIZATION_FAILED')],
    });
    expect(toLogError(together, 'LOG_UNAVAILABLE').code).toBe('LOG_FORBIDDEN');
  });

  it('has the default code when it is unknown', () => {
    for (const thrown of [new Error('what?'), 'text', null, undefined, { cause: { cause: {} } }])
      for (const code of ['LOG_UNAVAILABLE', 'TRANSACTION_FAILED'] satisfies LogErrorCode[])
        expect(toLogError(thrown, code).code).toBe(code);
  });

  it('is searched through at most six causes, even in a cycle', () => {
    const own: { cause?: unknown } = {};
    own.cause = own;
    expect(toLogError(own, 'LOG_UNAVAILABLE').code).toBe('LOG_UNAVAILABLE');
  });

  it('is returned unchanged when it is a LogError', () => {
    const ours = new LogError('RECORD_GAP', 'a gap');
    expect(toLogError(ours, 'LOG_UNAVAILABLE')).toBe(ours);
  });

  it('is unsettled while the cluster elects a leader', () => {
    expect(isUnsettled(new Error('x', { cause: failure('LEADER_NOT_AVAILABLE') }))).toBe(true);
    expect(isUnsettled(failure('MESSAGE_TOO_LARGE'))).toBe(false);
  });
});

describe('a code', () => {
  it('is read from any error that has one', () => {
    expect(codeOf(new LogError('FENCED', ''))).toBe('FENCED');
    expect(codeOf(Object.assign(new Error(), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
    for (const none of [new Error('x'), Object.assign(new Error(), { code: 10 }), 'text', null])
      expect(codeOf(none)).toBe('UNEXPECTED');
    expect([messageOf(new Error('x')), messageOf('y')]).toEqual(['x', 'y']);
  });
});
