import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { alerts, sharedRules } from './alerts.ts';
import { objectiveRules } from './objectives.ts';
import { MONITORING_DIR, RULES_FILE } from './rule-files.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const recordingRules = [...sharedRules, ...objectiveRules];
const expressions = [...recordingRules.map(({ expr }) => expr), ...alerts.map(({ expr }) => expr)];
/** Metrics of the platform, as the generated page lists them. */
const known = new Set(
  [...readFileSync(join(root, 'docs/reference/metrics.md'), 'utf8').matchAll(/^\| `(khipu_\w+)`/gm)].map(
    ([, name]) => name,
  ),
);

describe('the rules', () => {
  it('use metrics that the platform has', () => {
    const used = expressions.flatMap((expr) => expr.match(/\bkhipu_\w+/g) ?? []);
    const metricOf = (name: string) => name.replace(/_(bucket|count|sum)$/, '');
    expect([...new Set(used.map(metricOf))].filter((name) => !known.has(name))).toEqual([]);
    expect(used.length).toBeGreaterThan(20);
  });

  it('use records that are made', () => {
    const made = new Set(recordingRules.map(({ record }) => record));
    const used = expressions.flatMap((expr) => expr.match(/\bkhipu:\w+:\w+/g) ?? []);
    expect(used.filter((name) => !made.has(name))).toEqual([]);
  });

  it('have names of their own', () => {
    const names = [...alerts.map(({ name }) => name), ...recordingRules.map(({ record }) => record)];
    expect(new Set(names).size).toBe(names.length);
  });
});

describe.each(alerts)('the alert $name', ({ runbook, example }) => {
  it('has a runbook, and other series on a good day', () => {
    expect(existsSync(join(root, 'docs', runbook))).toBe(true);
    expect(example.quiet).not.toEqual(example.firing);
  });
});

const promtool = promisify(execFile);
const found = await promtool('promtool', ['--version']).then(
  () => true,
  () => false,
);
const isRequired = process.env['KHIPU_TEST_PROMETHEUS'] === 'required';

// Prometheus is no prerequisite. Debian and Ubuntu have it as the package `prometheus`.
describe.skipIf(!found && !isRequired)('promtool (skipped where it is not on the PATH)', () => {
  // A folder of its own for its data: those of other tests come and go.
  const TMPDIR = mkdtempSync(join(tmpdir(), 'khipu-promtool-'));
  afterAll(() => rmSync(TMPDIR, { recursive: true, force: true }));
  const run = (...args: string[]) =>
    promtool('promtool', args, { cwd: join(root, MONITORING_DIR), env: { PATH: process.env['PATH'], TMPDIR } });

  it('accepts the rules', async () => {
    expect((await run('check', 'rules', RULES_FILE)).stdout).toContain('SUCCESS');
  });

  it('sees each alert fire where it should, and no other time', async () => {
    const { stdout } = await run('test', 'rules', RULES_FILE.replace('.rules', '.rules.test'));
    expect(stdout).toContain('SUCCESS');
  });
});
