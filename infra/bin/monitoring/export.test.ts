import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { exportMonitoring, targetsOf } from './export.ts';

const process = (name: string, kind: 'part' | 'role', adminPort?: number) => ({
  ...{ name, kind, mark: undefined, address: '', restarts: 0, log: undefined, adminPort },
});

it('scrapes the roles of a platform by their admin ports', () => {
  const processes = [
    process('gateway', 'role', 21_001),
    process('kafka', 'part'),
    process('stream-all', 'role', 21_002),
  ];
  expect(targetsOf({ processes })).toEqual([
    { role: 'gateway', address: '127.0.0.1:21001' },
    { role: 'stream-all', address: '127.0.0.1:21002' },
  ]);
  expect(targetsOf(undefined)).toEqual([]);
});

it('writes rules, tests, dashboards and settings that load the rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'khipu-monitoring-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  exportMonitoring(folder);
  expect(readdirSync(folder).sort()).toEqual([
    'dashboards',
    'khipu.rules.test.yml',
    'khipu.rules.yml',
    'prometheus.yml',
  ]);
  const settings = parse(readFileSync(join(folder, 'prometheus.yml'), 'utf8'));
  expect(settings).toMatchObject({ rule_files: ['khipu.rules.yml'], scrape_configs: [{ job_name: 'khipu' }] });
});
