import { type SettingsVersions, withSettings } from '../../schemas/contexts/anomalies.ts';
import { topics } from '../../schemas/topics.ts';
import { table } from '../kernel.ts';

/** The last versions of the settings of every tenant. */
export const anomalySettings = table({
  name: 'anomaly-settings',
  topic: topics.anomaliesSettings,
  initial: new Map() as SettingsVersions,
  evolve: (known, { data }) => withSettings(known, data),
});
