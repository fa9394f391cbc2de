import { stringify } from 'yaml';
import {
  MONITORING_DIR,
  RULES_FILE,
  rulesDocument,
  ruleTestsDocument,
} from '../../../infra/telemetry/monitoring/rule-files.ts';
import { dashboardJson } from './dashboards.ts';
import { dashboardSpecs } from './panels.ts';

const GENERATED = '# Generated from infra/telemetry/monitoring by `npm run docs:pages`. Do not edit.\n';

/** Returns the rules, their tests and the dashboards, by path from the root of the project. */
export const monitoringFiles = (): ReadonlyMap<string, string> =>
  new Map([
    [`${MONITORING_DIR}/${RULES_FILE}`, GENERATED + stringify(rulesDocument, { lineWidth: 0 })],
    [
      `${MONITORING_DIR}/${RULES_FILE.replace('.rules', '.rules.test')}`,
      GENERATED + stringify(ruleTestsDocument, { lineWidth: 0 }),
    ],
    ...dashboardSpecs.map((spec) => [`${MONITORING_DIR}/dashboards/${spec.uid}.json`, dashboardJson(spec)] as const),
  ]);
