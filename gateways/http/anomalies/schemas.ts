import { z } from 'zod';
import {
  DEFAULT_SETTINGS,
  METRICS,
  NOTE_CHARS_MAX,
  RECORDS_MAX,
  RULES,
  SETTINGS_BOUNDS,
} from '../../../schemas/contexts/anomalies.ts';
import { page } from '../../shared/paging.ts';

const AT = '2026-11-25T10:00:00.000Z';
const instant = z.iso.datetime({ offset: true });
const time = z.string().meta({ description: 'RFC 3339', examples: [AT] });
const metric = z.enum(METRICS);
const subject = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: 'Model, tool or type of job; `*` for the whole tenant', examples: ['demo/pay'] });

export const metricField = metric.optional().meta({ description: 'Only series of this metric' });
export const subjectField = subject.optional().meta({
  description: 'Only series of this subject; `*` for those of the whole tenant',
  examples: ['*'],
});
export const ruleField = z.enum(RULES).optional().meta({ description: 'Only anomalies of this rule' });
export const hoursQuery = {
  from: instant.optional().meta({ description: 'Hours from this time on; default: a week before `until`' }),
  until: instant.optional().meta({ description: 'Hours before this time; default: now' }),
  metric: metricField,
  subject: subjectField,
};

export const anomalyFields = {
  anomaly_id: z.uuid().meta({ description: 'The anomaly', examples: ['7f7c2a52-3c5e-5d0a-9a53-0c6a5f3c2b11'] }),
};

const recordBody = z
  .object({
    record_id: z.string().meta({ description: 'Id of the record' }),
    position: z.string().nullable().meta({ description: 'Place of the record in the log, opaque; null where unknown' }),
  })
  .meta({ id: 'AnomalyRecord' });

export const anomalyBody = z
  .object({
    anomaly_id: z.string(),
    rule: z.string().meta({ description: 'level, drift, mix, host or denials' }),
    metric: z.string().meta({ description: 'tokens, calls, jobs, denials, mix or hosts' }),
    subject,
    direction: z.string().nullable().meta({ description: 'up or down; null where there is none' }),
    window_start: time,
    window_ms: z.int().meta({ description: 'Length of the window, in ms' }),
    observed: z.number().meta({ description: 'In the unit of the metric; the divergence for mix' }),
    expected: z.number().nullable().meta({ description: 'Null where there is no expectation' }),
    score: z.number().meta({ description: 'How far it is off, in the unit of the threshold' }),
    threshold: z.number(),
    label: z.string().nullable().meta({ description: 'New host, or the tool whose share changed most' }),
    detail: z.string(),
    records: z.array(recordBody).meta({ description: `Records that show it, the last first; at most ${RECORDS_MAX}` }),
    records_total: z.int().meta({ description: 'Number of records of the window' }),
    settings_version: z.int().meta({ description: '0 for the defaults' }),
    suggested_kill_switch: z
      .object({
        scope: z.string().meta({ examples: ['tool:demo/pay'] }),
        engaged: z.boolean().meta({ description: 'True while a person has engaged it' }),
      })
      .nullable()
      .meta({
        id: 'SuggestedKillSwitch',
        description:
          'A kill switch for a person to consider, with `POST /v1/kill-switch`. Nothing engages it by itself',
      }),
    detected_at: time,
  })
  .meta({ id: 'Anomaly' });
export const anomalyPage = page(anomalyBody, 'AnomalyPage');

export const hoursBody = z
  .object({
    from: time,
    until: time,
    items: z.array(
      z
        .object({
          ...{ metric: z.string(), subject, window_start: time },
          value: z.number().meta({ description: 'Amount of the hour, in the unit of the metric' }),
          records: z.int(),
          late: z.int().meta({ description: 'Records of it that came after it was judged' }),
          expected: z.number().nullable().meta({ description: 'Null while the series learns' }),
          bound: z.number().nullable().meta({ description: 'Above it, the hour is an anomaly' }),
        })
        .meta({ id: 'AnomalyHour' }),
    ),
  })
  .meta({ id: 'AnomalySeries' });

const bounded = (name: keyof typeof SETTINGS_BOUNDS, description: string) => {
  const [least, most] = SETTINGS_BOUNDS[name];
  return z
    .number()
    .min(least)
    .max(most)
    .default(DEFAULT_SETTINGS[name])
    .meta({ description, examples: [DEFAULT_SETTINGS[name]] });
};

const fields = {
  is_on: z.boolean().default(true).meta({ description: 'False to learn and raise nothing' }),
  level_threshold: bounded('levelThreshold', 'Deviation of an hour, in robust standard deviations'),
  drift_threshold: bounded('driftThreshold', 'Cumulative deviation, in robust standard deviations'),
  mix_threshold: bounded('mixThreshold', 'Jensen-Shannon divergence of the mix of tools'),
  denials_max: bounded('denialsMax', 'Denials within the window that are a burst'),
  denials_window_ms: bounded('denialsWindowMs', 'Window of a burst, in ms'),
  new_hosts: z.boolean().default(true).meta({ description: 'True to raise the first request of a tool to a host' }),
  suggests_kill_switch: z
    .boolean()
    .default(true)
    .meta({ description: 'True to suggest a kill switch when it is grave' }),
};

const version = z.int().min(0);
export const settingsInput = {
  ...fields,
  note: z.string().max(NOTE_CHARS_MAX).default('').meta({ description: 'Why they change' }),
  expected_version: version.optional().meta({ description: 'Version that is replaced; omitted replaces the last one' }),
};
export const settingsInputBody = z.strictObject(settingsInput).meta({
  id: 'SetAnomalySettings',
  examples: [{ level_threshold: 6, denials_max: 50, note: 'Fewer alarms while we grow' }],
});
export const settingsBody = z
  .object({
    ...fields,
    version: version.meta({ description: '0 for the defaults of the platform' }),
    effective_from: time.nullable().meta({ description: 'Null for the defaults' }),
    note: z.string(),
  })
  .meta({ id: 'AnomalySettings' });
export const settingsList = z
  .object({
    in_force: version.meta({ description: 'Version for records of this moment; 0 for the defaults' }),
    items: z.array(settingsBody).meta({ description: 'Versions, the newest first' }),
  })
  .meta({ id: 'AnomalySettingsList' });
