import { anomalyRows } from '../../../projections/anomalies/queries.ts';
import { HOUR_MS, READ_ANOMALIES } from '../../../schemas/contexts/anomalies.ts';
import { pageOf, pageQuery } from '../../shared/paging.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import {
  anomalyBody,
  anomalyFields,
  anomalyPage,
  hoursBody,
  hoursQuery,
  metricField,
  ruleField,
  subjectField,
} from './schemas.ts';
import { settingsRoutes } from './settings.ts';
import { anomalyOf, hourOf } from './views.ts';

const { endpoint } = declare<Pick<GatewayServices, 'readModel' | 'tables'>>();

const WEEK_MS = 7 * 24 * HOUR_MS;
/** Bound on the hours of an answer. */
const HOURS_MAX = 5_000;

const equals = <Column extends string>(column: Column, value: string | undefined) =>
  value === undefined ? [] : [{ column, is: '=' as const, value }];

const listAnomalies = endpoint({
  operationId: 'listAnomalies',
  tag: 'anomalies',
  summary: 'List the anomalies of the tenant, the newest first',
  description: `Requires \`${READ_ANOMALIES}\`. Each names the records that it was computed from.`,
  url: '/v1/anomalies',
  takes: READ_ANOMALIES,
  query: { metric: metricField, subject: subjectField, rule: ruleField, ...pageQuery },
  views: ['anomalies'],
  response: anomalyPage,
  answer: async ({ caller, query, services: { readModel, tables } }) => {
    const where = [
      ...equals('metric', query.metric),
      ...equals('subject', query.subject),
      ...equals('rule', query.rule),
    ];
    const found = await readModel.rows(caller.tenantId, anomalyRows, { ...pageOf(query), where });
    const items = found.items.map((row) => anomalyOf(row, tables.killSwitches.value));
    return { items, next_cursor: found.nextCursor };
  },
});

const getAnomaly = endpoint({
  operationId: 'getAnomaly',
  tag: 'anomalies',
  summary: 'Get an anomaly with the records that show it',
  description: `Requires \`${READ_ANOMALIES}\`.`,
  url: '/v1/anomalies/:anomaly_id',
  params: anomalyFields,
  takes: READ_ANOMALIES,
  views: ['anomalies'],
  response: anomalyBody,
  problems: ['RESOURCE_UNKNOWN'],
  answer: async ({ caller, params: { anomaly_id: id }, services: { readModel, tables } }) => {
    const row = await readModel.row(caller.tenantId, anomalyRows, id);
    if (row === undefined) throw new Problem('RESOURCE_UNKNOWN', `There is no anomaly ${id}`);
    return anomalyOf(row, tables.killSwitches.value);
  },
});

const getSeries = endpoint({
  operationId: 'getAnomalySeries',
  tag: 'anomalies',
  summary: 'Get the hours of series, with what was expected of them',
  description: `Requires \`${READ_ANOMALIES}\`. Ordered by metric, subject and hour; at most ${HOURS_MAX} items. Hours without a record are left out.`,
  url: '/v1/anomalies/series',
  query: hoursQuery,
  takes: READ_ANOMALIES,
  views: ['anomalies'],
  response: hoursBody,
  answer: async ({ caller, query, services: { readModel } }) => {
    const until = query.until === undefined ? new Date() : new Date(query.until);
    const from = query.from === undefined ? new Date(until.getTime() - WEEK_MS) : new Date(query.from);
    if (from >= until) throw new Problem('REQUEST_INVALID', '`from` must be before `until`');
    const { metric = null, subject = null } = query;
    const found = await readModel.anomalyHours(caller.tenantId, { metric, subject, from, until, limit: HOURS_MAX });
    return { from: from.toISOString(), until: until.toISOString(), items: found.map(hourOf) };
  },
});

/** Routes of anomalies. */
export const anomaliesRoutes = [listAnomalies, getSeries, ...settingsRoutes, getAnomaly];
