import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../schemas/contexts/anomalies.ts';
import { anomaliesWhatIf } from './anomalies-what-if.ts';

describe('settings of anomalies that are tried', () => {
  it('have the bounds of settings that are set', () => {
    const job = anomaliesWhatIf({ steps: async () => [], recorded: async () => [], replay: () => () => [] });
    const valid = (settings: object): boolean => job.input.safeParse({ settings }).success;
    expect(valid({})).toBe(true);
    expect(valid({ level_threshold: DEFAULT_SETTINGS.levelThreshold, new_hosts: false })).toBe(true);
    expect(valid({ level_threshold: 1 })).toBe(false);
    expect(valid({ mix_threshold: 2 })).toBe(false);
  });
});
