import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeDir, projectRoot } from '../../local/home.ts';
import { livingRun, type RunRecord } from '../../local/process/run-record.ts';
import { MONITORING_DIR } from '../../telemetry/monitoring/rule-files.ts';
import { prometheusSettings, type Target } from '../../telemetry/monitoring/scrape.ts';

/** Returns the roles of a platform on this machine, with the ports on which they answer /metrics. */
export const targetsOf = (run: Pick<RunRecord, 'processes'> | undefined): readonly Target[] =>
  (run?.processes ?? []).flatMap(({ name, kind, adminPort }) =>
    kind === 'role' && adminPort !== undefined ? [{ role: name, address: `127.0.0.1:${adminPort}` }] : [],
  );

/** The result of an export. */
export interface MonitoringExport {
  readonly folder: string;
  /** Processes that the settings of Prometheus scrape: none while no platform of this checkout runs. */
  readonly targets: readonly Target[];
}

/**
 * Writes the rules, their tests, the dashboards and settings of Prometheus into a folder, which is made where it is missing.
 * Files of the same names are replaced.
 */
export function exportMonitoring(folder: string): MonitoringExport {
  const targets = targetsOf(livingRun(homeDir()));
  mkdirSync(folder, { recursive: true });
  cpSync(join(projectRoot, MONITORING_DIR), folder, { recursive: true });
  writeFileSync(join(folder, 'prometheus.yml'), prometheusSettings(targets));
  return { folder, targets };
}
