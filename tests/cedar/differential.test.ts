import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runDifferential } from './differential.ts';
import { planted, plants } from './plants.ts';

/** Short run; the long one is `npm run cedar:differential`. */
const CASES = 1_000;
const SEED = 3;

describe('verdicts on random policies and requests', () => {
  const { cases, counterexample, reach } = runDifferential({ cases: CASES, seed: SEED });

  it('equal those of Cedar alone, errors included, with our own conditions and without', () => {
    expect(counterexample).toBeNull();
    expect(cases).toBe(CASES);
  });

  it('are of every kind', () => {
    for (const [outcome, count] of Object.entries(reach.verdicts)) expect(count, outcome).toBeGreaterThan(CASES / 20);
  });

  it('come from both evaluators', () => {
    const { own, cedar } = reach.policies;
    expect(own / (own + cedar)).toBeGreaterThan(0.5);
    expect(cedar / (own + cedar)).toBeGreaterThan(0.15);
  });

  const heads = ['principal', 'resource'].flatMap((on) =>
    ['All', '==', 'in', 'is', 'is in'].map((op) => `${on} ${op}`),
  );
  const actions = ['All', '==', 'in', 'in []'].map((op) => `action ${op}`);
  const shared = [
    ...['permit', 'forbid', 'when', 'unless', 'Value', 'Var', '.', 'Set', '!', '&&', '||', 'if-then-else'],
    ...['==', '!=', '<', '<=', '>', '>=', 'in', 'contains', 'containsAll', 'containsAny'],
  ];
  const cedarOnly = [
    ...['like', 'has', 'is', 'isEmpty', 'Record', 'hasTag', 'getTag', '+', '-', '*', 'neg'],
    ...['decimal', 'lessThan', 'ip', 'isInRange', 'isLoopback', 'isIpv4', 'datetime', 'duration', 'toHours'],
  ];

  it.each([...heads, ...actions, ...shared])('reach %s in our own evaluator and in Cedar', (name) => {
    expect(reach.operators.own[name] ?? 0).toBeGreaterThan(0);
    expect(reach.operators.cedar[name] ?? 0).toBeGreaterThan(0);
  });

  it.each(cedarOnly)('reach %s, which is handed to Cedar', (name) => {
    expect(reach.operators.cedar[name] ?? 0).toBeGreaterThan(0);
    expect(reach.operators.own[name]).toBeUndefined();
  });

  it('contain only the operators listed here', () => {
    const named = new Set([...heads, ...actions, ...shared, ...cedarOnly]);
    const seen = [...Object.keys(reach.operators.own), ...Object.keys(reach.operators.cedar)];
    expect(seen.filter((name) => !named.has(name))).toEqual([]);
  });
});

describe('an error planted in our evaluator', () => {
  it.each(plants)('is found: %s', (plant) => {
    const { counterexample } = runDifferential({ cases: 3_000, seed: SEED, compile: planted(plant) });
    expect(counterexample).not.toBeNull();
    expect(counterexample?.own).not.toEqual(counterexample?.cedar);
    expect(counterexample?.switchedOff).toEqual(counterexample?.cedar);
  });

  it('ends the command with 1, and is printed in its smallest form with the way to repeat it', () => {
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, ['tests/cedar/run.ts', '--seed', String(SEED), '--plant', 'and-is-or', ...args], {
        encoding: 'utf8',
      });
    const { status, stdout } = run();
    expect(status).toBe(1);
    expect(stdout.match(/^ {2}p\d: .*$/gm)).toHaveLength(1);
    const path = /--path (\S+)/.exec(stdout)?.[1] ?? '';
    const repeated = run('--path', path, '--json');
    expect(repeated.status).toBe(1);
    expect(JSON.parse(repeated.stdout)).toMatchObject({ counterexample: { policies: [{}] } });
  });
});
