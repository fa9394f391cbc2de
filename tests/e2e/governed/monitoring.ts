import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dashboardSpecs } from '../../../docs/generate/monitoring/panels.ts';
import { targetsOf } from '../../../infra/bin/monitoring/export.ts';
import { claimPort } from '../../../infra/local/parts/ports.ts';
import { alerts, sharedRules } from '../../../infra/telemetry/monitoring/alerts.ts';
import { objectiveRules, objectives } from '../../../infra/telemetry/monitoring/objectives.ts';
import { MONITORING_DIR } from '../../../infra/telemetry/monitoring/rule-files.ts';
import { prometheusSettings } from '../../../infra/telemetry/monitoring/scrape.ts';
import { until } from '../../support/api-client.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { clientOf, runTurn } from '../support/turn-fixture.ts';

interface Answer {
  readonly status: string;
  readonly data: { readonly result: readonly { readonly metric: Readonly<Record<string, string>> }[] };
}

function isInstalled(): boolean {
  try {
    execFileSync('prometheus', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return process.env['KHIPU_TEST_PROMETHEUS'] === 'required';
  }
}

/** Scrapes the running platform with a real Prometheus that has our rules. */
export function describeMonitoring(platform: () => TestPlatform): void {
  // Prometheus is no prerequisite. Debian and Ubuntu have it as the package `prometheus`.
  describe.skipIf(!isInstalled())('a Prometheus (skipped where it is not on the PATH)', () => {
    const dir = mkdtempSync(join(tmpdir(), 'khipu-prometheus-'));
    let stop = async (): Promise<void> => undefined;
    let url = '';
    const get = async (path: string): Promise<Answer> => (await fetch(`${url}${path}`)).json() as Promise<Answer>;
    const query = (expr: string) => get(`/api/v1/query?query=${encodeURIComponent(expr)}`);

    beforeAll(async () => {
      cpSync(MONITORING_DIR, dir, { recursive: true });
      const settings = prometheusSettings(targetsOf({ processes: platform().processes() }));
      writeFileSync(join(dir, 'prometheus.yml'), settings.replaceAll('15s', '1s'));
      const port = await claimPort(dir, 'prometheus');
      url = `http://127.0.0.1:${port}`;
      const server = spawn(
        'prometheus',
        [
          `--config.file=${join(dir, 'prometheus.yml')}`,
          `--storage.tsdb.path=${join(dir, 'data')}`,
          `--web.listen-address=127.0.0.1:${port}`,
        ],
        { stdio: 'ignore' },
      );
      const ended = new Promise((resolve) => server.once('exit', resolve));
      stop = async () => {
        server.kill();
        await ended;
      };
      await until(
        () =>
          fetch(`${url}/-/ready`).then(
            ({ ok }) => ok,
            () => false,
          ),
        (isReady) => isReady,
        60_000,
      );
    });
    afterAll(async () => {
      await stop();
      rmSync(dir, { recursive: true, force: true });
    });

    test('scrapes every role, and has a value of each objective after a turn', async () => {
      await runTurn(clientOf(platform()));
      const up = await until(
        () => query('up == 1'),
        ({ data }) => data.result.length === targetsOf({ processes: platform().processes() }).length,
        30_000,
      );
      expect(up.data.result.map(({ metric }) => metric['role'])).toEqual(
        expect.arrayContaining(['gateway', 'projection']),
      );
      // A rate needs two samples with something between them.
      for (const { name } of objectives) {
        const bad = await until(
          async () => {
            await runTurn(clientOf(platform()));
            return query(`khipu:${name}_bad:ratio_rate5m >= 0`);
          },
          ({ data }) => data.result.length > 0,
          60_000,
        );
        expect({ name, series: bad.data.result.length }).toEqual({ name, series: 1 });
      }
    });

    test('evaluates every rule and every query of the dashboards', async () => {
      const panels = dashboardSpecs.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries));
      const expressions = [...sharedRules, ...objectiveRules, ...alerts, ...panels].map(({ expr }) =>
        expr.replaceAll('$__rate_interval', '1m'),
      );
      for (const expr of expressions)
        expect({ expr, ...(await query(expr)) }).toMatchObject({ expr, status: 'success' });
      const shown = await Promise.all(panels.map(({ expr }) => query(expr.replaceAll('$__rate_interval', '1m'))));
      // What no test before has used, such as the external engine, has no series.
      expect(shown.filter(({ data }) => data.result.length > 0).length).toBeGreaterThan(panels.length / 2);
    });
  });
}
