import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS, SETTINGS_LEAD_MS, settingsAt, withSettings } from '../../schemas/contexts/anomalies.ts';
import {
  type AnomalySettings,
  anomalySettingsRefused,
  anomalySettingsSet,
  setAnomalySettings,
  anomalySettings as settingsRecord,
} from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import { anomalySettings } from './anomaly-settings.ts';

const NOW = Date.UTC(2026, 10, 25);
const { given, when } = scenarios(anomalySettings, { startMs: NOW });
const settings = { ...DEFAULT_SETTINGS, levelThreshold: 7 };
const set = (over: object = {}) =>
  setAnomalySettings({
    ...{ tenantId: 'demo', principal: 'ana', capabilities: ['anomalies:configure'], expectedVersion: null },
    ...{ settings, note: 'less noise', ...over },
  });
const held = (version: number, of = settings) => ({
  ...{ tenantId: 'demo', effectiveFrom: NOW + SETTINGS_LEAD_MS, settings: { ...of, version }, note: 'less noise' },
});
const refused = (code: string, detail: string, version: number) =>
  anomalySettingsRefused({ tenantId: 'demo', principal: 'ana', code, detail, version });

it('settings are numbered, and hold a minute later', () => {
  when(set()).then(anomalySettingsSet({ ...held(1), by: 'ana' }), settingsRecord({ settingsId: 'demo/1', ...held(1) }));
  given(anomalySettingsSet({ ...held(1), by: 'ana' }))
    .when(set({ settings: null, expectedVersion: 1 }))
    .then(
      anomalySettingsSet({ ...held(2, DEFAULT_SETTINGS), by: 'ana' }),
      settingsRecord({ settingsId: 'demo/2', ...held(2, DEFAULT_SETTINGS) }),
    );
});

it('a change without the capability, of another version or out of bounds changes nothing', () => {
  when(set({ capabilities: ['anomalies:read'] })).then(
    refused('CAPABILITY_MISSING', 'This requires anomalies:configure.', 0),
  );
  when(set({ expectedVersion: 3 })).then(refused('PRECONDITION_FAILED', 'The settings have version 0, not 3.', 0));
  when(set({ settings: { ...settings, mixThreshold: 2 } })).then(
    refused('ANOMALY_SETTINGS_INVALID', 'mixThreshold is not from 0.05 to 1.', 0),
  );
});

it('the settings of a record are those of its time, and readers hold the last 16 versions', () => {
  const version = (number: number): AnomalySettings => ({
    ...{ settingsId: `demo/${number}`, tenantId: 'demo', effectiveFrom: number * 1_000, note: '' },
    settings: { ...settings, version: number },
  });
  let known = withSettings(new Map(), version(1));
  expect(settingsAt(known, 'demo', 999)).toEqual(DEFAULT_SETTINGS);
  expect(settingsAt(known, 'demo', 1_000).version).toBe(1);
  expect(settingsAt(known, 'acme', 1_000)).toEqual(DEFAULT_SETTINGS);
  for (let number = 2; number <= 40; number += 1) known = withSettings(known, version(number));
  expect(known.get('demo')).toHaveLength(16);
});
