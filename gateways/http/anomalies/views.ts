import type { z } from 'zod';
import { encodePositionToken } from '../../../infra/projections/position-token.ts';
import type { AnomalyRow, HourView } from '../../../projections/anomalies/queries.ts';
import type { KillSwitches } from '../../../schemas/contexts/kill-switch.ts';
import type { AnomalySettings, DetectorSettings } from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import type { anomalyBody, hoursBody, settingsBody, settingsInputBody } from './schemas.ts';

interface Place {
  readonly record_id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Returns a record by its id, and its place as an opaque position. */
const recordOf = ({ record_id, topic, partition, offset }: Place) => ({
  record_id,
  position: offset < 0 ? null : encodePositionToken({ topic, partition, offset }),
});

/** Returns an anomaly as the read model has it, and whether the suggested kill switch is engaged. */
export function anomalyOf(row: AnomalyRow, switches: KillSwitches): z.infer<typeof anomalyBody> {
  const scope = row.suggested_scope;
  return {
    ...{ anomaly_id: row.anomaly_id, rule: row.rule ?? '', metric: row.metric ?? '', subject: row.subject ?? '' },
    ...{ direction: row.direction, window_start: row.window_start ?? '', window_ms: row.window_ms ?? 0 },
    ...{ observed: Number(row.observed ?? 0), expected: row.expected === null ? null : Number(row.expected) },
    ...{ score: Number(row.score ?? 0), threshold: Number(row.threshold ?? 0), label: row.label },
    ...{ detail: row.detail ?? '', records: ((row.records ?? []) as readonly Place[]).map(recordOf) },
    ...{ records_total: row.records_total ?? 0, settings_version: row.settings_version ?? 0 },
    suggested_kill_switch: scope === null ? null : { scope, engaged: switches.get(scope)?.engaged ?? false },
    detected_at: row.detected_at ?? '',
  };
}

export const hourOf = ({ at, ...hour }: HourView): z.infer<typeof hoursBody>['items'][number] => ({
  ...hour,
  window_start: at.toISOString(),
});

type Version = Omit<AnomalySettings, 'settingsId' | 'tenantId' | 'effectiveFrom'> & {
  readonly effectiveFrom: number | null;
};

/** Returns a version of the settings. */
export const settingsOf = ({ settings, effectiveFrom, note }: Version): z.infer<typeof settingsBody> => ({
  ...{ is_on: settings.isOn, level_threshold: settings.levelThreshold, drift_threshold: settings.driftThreshold },
  ...{ mix_threshold: settings.mixThreshold, denials_max: settings.denialsMax },
  ...{ denials_window_ms: settings.denialsWindowMs, new_hosts: settings.newHosts },
  ...{ suggests_kill_switch: settings.suggestsKillSwitch, version: settings.version, note },
  effective_from: effectiveFrom === null ? null : isoOf(effectiveFrom),
});

/** Returns the settings of a body; the processor numbers them. */
export const settingsIn = (body: z.infer<typeof settingsInputBody>): DetectorSettings => ({
  ...{ version: 0, isOn: body.is_on, levelThreshold: body.level_threshold, driftThreshold: body.drift_threshold },
  ...{ mixThreshold: body.mix_threshold, denialsMax: Math.round(body.denials_max) },
  ...{ denialsWindowMs: Math.round(body.denials_window_ms), newHosts: body.new_hosts },
  suggestsKillSwitch: body.suggests_kill_switch,
});
