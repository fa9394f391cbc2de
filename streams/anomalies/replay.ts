import type { AnomalyDetected, DetectorSettings } from '../../schemas/generated/records.ts';
import type { RecordOf } from '../kernel.ts';
import { decideMeasure, decideReview, evolve } from './anomalies.ts';
import { absent, type SeriesState } from './series.ts';

/** An event of the journal that carries a series on. */
export type ReplayedStep = RecordOf<'SeriesMeasured' | 'SeriesReviewed'>;

/**
 * Returns a run of the detector over its own journal under other settings. Give it the steps of each series in the order
 * of the log: it returns the anomalies that a run with these settings raises, ids included. `settingsOf` gets the settings that held.
 */
export function createReplay(settingsOf: (held: DetectorSettings) => DetectorSettings) {
  const states = new Map<string, SeriesState>();
  return (step: ReplayedStep): readonly AnomalyDetected[] => {
    const { seriesId } = step.data;
    const state = states.get(seriesId) ?? absent;
    const settings = settingsOf(step.data.settings);
    const events =
      step.type === 'SeriesMeasured'
        ? decideMeasure(state, step.data, settings)
        : decideReview(state, step.data.at, settings);
    states.set(seriesId, events.reduce(evolve, state));
    return events.flatMap((event) => (event.type === 'AnomalyDetected' ? [event.data] : []));
  };
}
