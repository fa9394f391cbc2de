import { type SettingsVersions, scopeOf, settingsAt } from '../../schemas/contexts/anomalies.ts';
import { SCOPE } from '../../schemas/contexts/kill-switch.ts';
import {
  anomalyDetected,
  type DetectorSettings,
  killSwitchSuggested,
  reviewSeries as reviewTimer,
  seriesMeasured,
  seriesReviewed,
  type TakeMeasure,
} from '../../schemas/generated/records.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../../schemas/ids.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, processor, type RecordOf, type RecordsOf, type Timer } from '../kernel.ts';
import { anomalySettings } from '../tables/anomaly-settings.ts';
import type { Finding } from './findings.ts';
import { band, hourOf, reviewAt } from './level.ts';
import { absent, measureSeries, reviewSeries, type SeriesName, type SeriesState } from './series.ts';

const NAME = 'anomalies';

const inputs = [topics.anomaliesMeasures, topics.anomaliesTimers] as const;
type Input = RecordsOf<typeof inputs>;
type Output = RecordOf<'SeriesMeasured' | 'SeriesReviewed' | 'AnomalyDetected' | 'KillSwitchSuggested'>;
type Read = Pick<Meta, 'timeMs'>;
type Tables = { readonly anomalySettings: SettingsVersions };

/** A deviation of this many thresholds suggests a kill switch; so do a burst of denials and a new host. */
const GRAVE = 2;

const isGrave = ({ rule, direction, score, threshold }: Finding): boolean =>
  rule === 'denials' || rule === 'host' || (rule === 'level' && direction === 'up' && score >= GRAVE * threshold);

/** Returns the anomaly of a finding, and the kill switch that it suggests. A person engages it, by the command for it. */
function raised(
  { seriesId, tenantId, metric, subject }: SeriesName,
  finding: Finding,
  settings: DetectorSettings,
): readonly Output[] {
  if (!settings.isOn) return [];
  const { rule, windowStart, direction, label, records } = finding;
  // Named by what it is of, so that it has one id whichever record or timer finds it.
  const anomalyId = uuidV5(KHIPU_NAMESPACE, [NAME, seriesId, rule, direction, windowStart, label].join('/'));
  const anomaly = anomalyDetected({
    ...{ seriesId, tenantId, metric, subject, anomalyId, settingsVersion: settings.version, ...finding },
    records: [...records],
  });
  const scope = scopeOf(tenantId, metric, subject);
  if (!settings.suggestsKillSwitch || !isGrave(finding) || !SCOPE.test(scope)) return [anomaly];
  return [anomaly, killSwitchSuggested({ seriesId, tenantId, anomalyId, scope, reason: finding.detail })];
}

/** Returns the events of a measure: what was added, and the anomalies that it shows. */
export function decideMeasure(state: SeriesState, data: TakeMeasure, settings: DetectorSettings): readonly Output[] {
  const windowStart = hourOf(data.at);
  const { state: next, findings } = measureSeries(state, data, data, settings);
  const level = next.status === 'known' ? next.level : null;
  return [
    seriesMeasured({
      ...data,
      ...{ windowStart, settings, isLate: level !== null && windowStart < level.next },
      ...(level === null ? { expected: null, bound: null } : band(level, data.metric, windowStart, settings)),
    }),
    ...findings.flatMap((finding) => raised(data, finding, settings)),
  ];
}

/** Returns the events of a timer: the hours that have ended, and the anomalies that they show. */
export function decideReview(state: SeriesState, at: number, settings: DetectorSettings): readonly Output[] {
  if (state.status === 'absent' || state.level === null || at < reviewAt(state.level)) return [];
  const { name } = state;
  const { findings } = reviewSeries(state, at, settings);
  return [seriesReviewed({ ...name, at, settings }), ...findings.flatMap((finding) => raised(name, finding, settings))];
}

/** Decides on a measure or a timer. The settings are those in effect at the time of the record. */
export function decide(
  state: SeriesState,
  input: Input,
  { timeMs }: Read,
  { anomalySettings: known }: Tables,
): readonly Output[] {
  switch (input.type) {
    case 'TakeMeasure':
      return decideMeasure(state, input.data, settingsAt(known, input.data.tenantId, input.data.at));
    case 'ReviewSeries': {
      if (state.status === 'absent') return [];
      return decideReview(state, timeMs, settingsAt(known, state.name.tenantId, timeMs));
    }
    default:
      return assertNever(input);
  }
}

/** Folds one event into the state of its series. Anomalies change nothing: they follow from the measures. */
export function evolve(state: SeriesState, event: Output): SeriesState {
  switch (event.type) {
    case 'SeriesMeasured': {
      const { seriesId, tenantId, metric, subject, settings } = event.data;
      return measureSeries(state, { seriesId, tenantId, metric, subject }, event.data, settings).state;
    }
    case 'SeriesReviewed':
      return reviewSeries(state, event.data.at, event.data.settings).state;
    case 'AnomalyDetected':
    case 'KillSwitchSuggested':
      return state;
    default:
      return assertNever(event);
  }
}

const due = (state: SeriesState, seriesId: string): readonly Timer<RecordOf<'ReviewSeries'>>[] =>
  state.status === 'absent' || state.level === null
    ? []
    : [{ atMs: reviewAt(state.level), record: reviewTimer({ seriesId }) }];

/**
 * Finds anomalies in series of use and behaviour: levels by a robust season of the hours of the week, drifts by
 * cumulative sums, the mix of tools, new hosts, and bursts of denials. Its state is the fold of its own events, which
 * carry the settings that held, so a replay raises the same anomalies. Source: ADR 0046.
 */
export const anomalies = processor({
  name: NAME,
  inputs,
  outputs: [topics.anomaliesEvents],
  state: topics.anomaliesState,
  tables: { anomalySettings },
  initial: absent,
  finished: ({ status }) => status === 'absent',
  // No caller waits for an anomaly, and a batch writes the state of a series once.
  lingerMs: 100,
  key: ({ data }) => data.seriesId,
  decide,
  evolve,
  timers: { topic: topics.anomaliesTimers, due },
});
