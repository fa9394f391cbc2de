import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { projectRoot } from '../local/home.ts';
import { planOf } from './boot-plan.mjs';

const { scripts } = JSON.parse(readFileSync(`${projectRoot}/package.json`, 'utf8')) as {
  scripts: Record<string, string>;
};
/** Returns the command that npm runs for `npm run <name> -- <more>`. */
const argsOf = (name: string, ...more: string[]): string[] => [
  ...(scripts[name] ?? '').split(' ').filter((word) => word !== 'node' && word !== 'infra/bin/bootstrap.mjs'),
  ...more,
];

describe('the plan of the bootstrap', () => {
  it.each([
    ['a command of khipu', ['up', '--detach'], 'infra/bin/khipu.ts', ['up', '--detach'], true],
    ['one that starts nothing', ['topics'], 'infra/bin/khipu.ts', ['topics'], false],
    ['the help of one that does', ['up', '--help'], 'infra/bin/khipu.ts', ['up', '--help'], false],
    ['a file', ['--run', 'tests/a.ts', '--seed', '7'], 'tests/a.ts', ['--seed', '7'], false],
    ['a file that starts parts', ['--run-with-parts', 'tests/a.ts', '--json'], 'tests/a.ts', ['--json'], true],
    ['the help of such a file', ['--run-with-parts', 'tests/a.ts', '--help'], 'tests/a.ts', ['--help'], false],
  ])('is %s', (_, args, file, passedOn, startsParts) => {
    expect(planOf(args, {})).toEqual({ file, args: passedOn, startsParts });
  });

  it('starts no parts for tests on containers', () => {
    const env = { KHIPU_TEST_INFRA: 'testcontainers' };
    expect(planOf(['--run-with-parts', 'tests/run.ts'], env).startsParts).toBe(false);
    expect(planOf(['up'], env).startsParts).toBe(true);
  });

  it('requires a file', () => {
    expect(() => planOf(['--run'], {})).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});

test('each npm script runs one command', () => {
  expect(Object.keys(scripts).filter((name) => name.endsWith(':run'))).toEqual([]);
});

test.each([
  ['simulate', false],
  ['mutate', false],
  ['replay:decisions', false],
  ['bench:policy', false],
  ['bench:turn', true],
  ['bench:runtime', true],
  ['chaos:kill', true],
  ['chaos:brokers', true],
  ['chaos:budget', true],
  ['test', true],
])('npm run %s runs a file, with parts: %s', (name, startsParts) => {
  const plan = planOf(argsOf(name, '--faults', '3'), {});
  expect(plan.startsParts).toBe(startsParts);
  expect(existsSync(`${projectRoot}/${plan.file}`)).toBe(true);
  // Arguments after `--` come last: they override those of the script.
  expect(plan.args.slice(-2)).toEqual(['--faults', '3']);
});
