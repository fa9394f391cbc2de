import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';

function written(log: (logger: ReturnType<typeof createLogger>) => void): readonly string[] {
  const lines: string[] = [];
  log(createLogger('test', 'info', { write: (line) => lines.push(line) }));
  return lines;
}

it('a line has the time in UTC, the role and the process', () => {
  const [line = ''] = written((logger) => logger.info({ code: 'X' }, 'said'));
  expect(JSON.parse(line)).toMatchObject({
    ...{ level: 30, role: 'test', pid: process.pid, code: 'X', msg: 'said' },
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
});

it.each([
  { authorization: 'hidden' },
  { headers: { authorization: 'hidden' } },
  { req: { headers: { authorization: 'hidden' } } },
  { token: 'hidden' },
  { answer: { token: 'hidden' } },
  { config: { databaseUrl: 'hidden', redisUrl: 'hidden', slm: { apiKey: 'hidden' } } },
  { key: { privateKey: 'hidden' }, user: { password: 'hidden' } },
])('credentials are not written: %j', (object) => {
  const [line = ''] = written((logger) => logger.info(object, 'said'));
  expect(line).toContain('[Redacted]');
  expect(line).not.toContain('hidden');
});

it('any logged text is one line of JSON: a text cannot inject a line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (message, detail) => {
      const lines = written((logger) => logger.info({ detail: `${detail}\n{"level":30}` }, `${message}\r\n`));
      expect(lines).toHaveLength(1);
      expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
      expect(() => JSON.parse(lines[0] ?? '')).not.toThrow();
    }),
  );
});
