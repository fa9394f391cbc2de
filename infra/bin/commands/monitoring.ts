import type { Command } from 'commander';
import { jsonOption as json, print } from '../show/print.ts';

/** Registers `khipu monitoring export`. */
export function register(program: Command): void {
  program
    .command('monitoring')
    .description('rules, alerts and dashboards for Prometheus and Grafana')
    .command('export')
    .description('write rules, dashboards, and settings of Prometheus for the platform that runs here, into a folder')
    .argument('<folder>', 'where to write; made where it is missing')
    .option(...json)
    .action(async (folder: string, { json }: { readonly json?: boolean }) => {
      const { exportMonitoring } = await import('../monitoring/export.ts');
      const exported = exportMonitoring(folder);
      print(json, exported, () => [
        `wrote rules, dashboards and prometheus.yml to ${folder}; ${exported.targets.length} processes are scraped`,
        `prometheus --config.file=${folder}/prometheus.yml --storage.tsdb.path=${folder}/data`,
      ]);
    });
}
