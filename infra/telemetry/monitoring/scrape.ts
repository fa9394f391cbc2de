import { stringify } from 'yaml';
import { RULES_FILE } from './rule-files.ts';

/** A process that answers /metrics. */
export interface Target {
  /** Name of the role, such as gateway. */
  readonly role: string;
  /** host:port. */
  readonly address: string;
}

/** Returns settings of Prometheus that scrape these processes and load the rules, which lie beside them. */
export const prometheusSettings = (targets: readonly Target[]): string =>
  stringify({
    global: { scrape_interval: '15s', evaluation_interval: '15s' },
    rule_files: [RULES_FILE],
    scrape_configs: [
      {
        job_name: 'khipu',
        static_configs: targets.map(({ role, address }) => ({ targets: [address], labels: { role } })),
      },
    ],
  });
