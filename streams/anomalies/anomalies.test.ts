import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, HOUR_MS, RECORDS_MAX } from '../../schemas/contexts/anomalies.ts';
import {
  type DetectorSettings,
  anomalySettings as settingsRecord,
  takeMeasure,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import type { AnyRecord } from '../kernel.ts';
import { anomalies } from './anomalies.ts';
import { createReplay } from './replay.ts';
import { anomaliesIn, hoursOf, measureAt, type Plan, START, seeded, WEEK_HOURS, watch } from './testing.ts';

const SERIES = 20;
const WEEKS = 5;
/** From this hour on a series has learnt: two weeks of each hour, and half a week of deviations. */
const LEARNT = 3 * WEEK_HOURS;
const plan = (seed: number, over: Partial<Plan> = {}): Plan => ({
  seed,
  weeks: WEEKS,
  peak: [40, 200, 2_000][seed % 3] ?? 40,
  ...over,
});
const seeds = Array.from({ length: SERIES }, (_, nth) => nth + 1);
/** Returns an hour after the learning that is busy: at noon of a weekday. */
const noonOf = (seed: number): number => LEARNT + 24 * (seed % 5) + 12 + WEEK_HOURS * (seed % 2);
const startOf = (hour: number): number => START + hour * HOUR_MS;

describe('planted anomalies', () => {
  it('a series without any raises less than one false alarm a week', () => {
    const alarms = seeds.map((seed) => watch(hoursOf(plan(seed))).anomalies.length);
    const weeks = WEEKS - LEARNT / WEEK_HOURS;
    for (const alarm of alarms) expect(alarm / weeks).toBeLessThanOrEqual(1);
    // Over all of them it is far less.
    expect(alarms.reduce((sum, each) => sum + each, 0) / (SERIES * weeks)).toBeLessThanOrEqual(0.2);
  });

  it.each([
    ['an hour of five times its level', 'up', 5],
    ['an hour without a call', 'down', 0],
  ] as const)('%s is found in at least 95 % of the series', (_, direction, factor) => {
    const found = seeds.filter((seed) => {
      const at = noonOf(seed);
      const { anomalies: raised } = watch(hoursOf(plan(seed, { factor: (hour) => (hour === at ? factor : 1) })));
      return raised.some((each) => {
        const isIt = each.rule === 'level' && each.direction === direction && each.windowStart === startOf(at);
        return isIt && (each.recordsTotal > 0 ? each.records.length > 0 : true);
      });
    });
    expect(found.length / SERIES).toBeGreaterThanOrEqual(0.95);
  });

  it.each([
    ['up', 1.6],
    ['down', 0.6],
  ] as const)('a lasting change %s is found as a drift within two days', (direction, factor) => {
    const found = seeds.filter((seed) => {
      const at = LEARNT + 24 * (seed % 3) + 8;
      const series = hoursOf(plan(seed, { peak: 400, factor: (hour) => (hour >= at ? factor : 1) }));
      return watch(series).anomalies.some(
        (each) =>
          each.rule === 'drift' &&
          each.direction === direction &&
          each.windowStart + each.windowMs >= startOf(at) &&
          each.windowStart + each.windowMs <= startOf(at + 48),
      );
    });
    expect(found.length / SERIES).toBeGreaterThanOrEqual(0.95);
  });

  it('another mix of tools is found, and the usual one is not', () => {
    const mixOf = (seed: number, isOdd: boolean) => {
      const random = seeded(seed);
      return Array.from({ length: 60 * 40 }, (_, nth) => {
        const hour = Math.floor(nth / 40);
        const usual = random() < 0.6 ? 'demo/search' : random() < 0.7 ? 'demo/read' : 'demo/pay';
        const label = isOdd && hour === 50 && random() < 0.95 ? 'demo/pay' : usual;
        return measureAt(startOf(hour) + (nth % 40) * 60_000, { metric: 'mix', label, nth: `${seed}/${nth}` });
      });
    };
    const found = seeds.filter((seed) => {
      const { anomalies: raised } = watch(mixOf(seed, true));
      return raised.some(
        ({ rule, label, windowStart }) => rule === 'mix' && label === 'demo/pay' && windowStart === startOf(50),
      );
    });
    expect(found.length / SERIES).toBeGreaterThanOrEqual(0.95);
    expect(seeds.flatMap((seed) => watch(mixOf(seed, false)).anomalies)).toEqual([]);
  });

  it('the first request to a host is found after a day, once', () => {
    const hosts = ['a.example:443', 'b.example:443', 'a.example:443', 'new.example:443', 'new.example:443'];
    const measures = hosts.map((label, nth) => measureAt(startOf(13 * nth), { metric: 'hosts', label }));
    expect(watch(measures).anomalies).toMatchObject([
      { rule: 'host', label: 'new.example:443', windowStart: startOf(39), records: [measures[3]?.source] },
    ]);
  });

  it('a burst of denials is found once a window, with the last records', () => {
    const burst = Array.from({ length: 40 }, (_, nth) => measureAt(START + nth * 10_000, { metric: 'denials' }));
    const [found, ...more] = watch(burst).anomalies;
    expect(more).toEqual([]);
    expect(found).toMatchObject({ rule: 'denials', observed: 20, recordsTotal: 20, threshold: 20 });
    expect(found?.records).toEqual(
      burst
        .slice(20 - RECORDS_MAX, 20)
        .map(({ source }) => source)
        .reverse(),
    );
    const slow = Array.from({ length: 40 }, (_, nth) => measureAt(START + nth * 60_000, { metric: 'denials' }));
    expect(watch(slow).anomalies).toEqual([]);
  });
});

/** A series of a little more than three weeks, with a grave hour. */
const spike = hoursOf(plan(3, { weeks: 3.2, factor: (hour) => (hour === LEARNT + 12 ? 40 : 1) }));

describe('an anomaly', () => {
  it('that is grave suggests a kill switch, and engages none', () => {
    const { events } = watch(spike);
    const [suggested] = events.filter(({ type }) => type === 'KillSwitchSuggested');
    expect(suggested?.data).toMatchObject({ scope: 'tool:demo/pay', tenantId: 'demo' });
    const without = watch(spike, { ...DEFAULT_SETTINGS, suggestsKillSwitch: false });
    expect(without.events.some(({ type }) => type === 'KillSwitchSuggested')).toBe(false);
    expect(without.anomalies).toHaveLength(anomaliesIn(events).length);
    expect(new Set(anomalies.outputs.map(({ name }) => name))).toEqual(new Set(['anomalies.events']));
  });

  it('is not raised where the detector is off, which learns all the same', () => {
    const off = watch(spike, { ...DEFAULT_SETTINGS, isOn: false });
    expect(off.anomalies).toEqual([]);
    expect(off.state).toEqual(watch(spike).state);
  });

  it('follows from its events: the state is their fold, whatever else was raised', () => {
    const { state, events } = watch(spike);
    expect(events.reduce<unknown>((folded, event) => anomalies.evolve(folded, event), anomalies.initial)).toEqual(
      state,
    );
  });
});

describe('late records', () => {
  it('within two hours are judged like any other', () => {
    const at = noonOf(3);
    const hours = hoursOf(plan(3));
    const part = { value: 3_000, nth: 'late' };
    const late = measureAt(startOf(at) + 5_000, part);
    const [inTime, delayed] = [at + 1, at + 3].map((index) => [...hours.slice(0, index), late, ...hours.slice(index)]);
    const spikes = (of: typeof hours | undefined) =>
      watch(of ?? []).anomalies.filter(({ rule, windowStart }) => rule === 'level' && windowStart === startOf(at));
    expect(spikes(inTime)).toHaveLength(1);
    expect(spikes(delayed)).toHaveLength(1);
  });

  it('after that are counted as late, and judge no hour again', () => {
    const hours = hoursOf(plan(3));
    const late = measureAt(startOf(noonOf(3)), { value: 3_000, nth: 'late' });
    const { events, anomalies: raised } = watch([...hours, late]);
    expect(events.findLast(({ type }) => type === 'SeriesMeasured')?.data).toMatchObject({
      isLate: true,
      value: 3_000,
    });
    expect(raised).toEqual(watch(hours).anomalies);
  });
});

describe('the state of a series', () => {
  it.each(['calls', 'tokens', 'denials', 'mix', 'hosts'] as const)('of %s is bounded', (metric) => {
    const random = seeded(9);
    const wild = Array.from({ length: 4_000 }, (_, nth) => {
      const label = metric === 'mix' || metric === 'hosts' ? `host-${Math.floor(random() * 3_000)}.example` : null;
      return measureAt(START + nth * 900_000, { metric, value: random() * 1e9, label, nth: `${nth}` });
    });
    expect(JSON.stringify(watch(wild).state).length).toBeLessThan(metric === 'hosts' ? 16_384 : 8_192);
  });

  it('is dropped after two weeks of silence', () => {
    const hours = hoursOf(plan(3));
    const end = startOf(WEEKS * WEEK_HOURS);
    expect(watch(hours, DEFAULT_SETTINGS, end + 13 * 24 * HOUR_MS).state.status).toBe('known');
    expect(watch(hours, DEFAULT_SETTINGS, end + 15 * 24 * HOUR_MS).state.status).toBe('absent');
  });
});

describe('a replay', () => {
  /** Runs the processor over the measures, appended in batches that `cut` chooses. */
  function play(cut: () => number): readonly AnyRecord[] {
    const driver = createDriver({ processors: [anomalies], startMs: START });
    const of = { ...DEFAULT_SETTINGS, version: 1, levelThreshold: 4 };
    const effectiveFrom = START + (LEARNT - 24) * HOUR_MS;
    driver.append(settingsRecord({ settingsId: 'demo/1', tenantId: 'demo', effectiveFrom, settings: of, note: '' }), {
      place: null,
      tenantId: 'demo',
    });
    let now = START;
    for (let at = 0; at < spike.length; ) {
      const batch = spike.slice(at, at + cut());
      // Within an hour, so that the timers of all runs are the same.
      for (const each of batch) driver.append(takeMeasure(each), { id: each.source.recordId, tenantId: 'demo' });
      const next = Math.max(now, batch.at(-1)?.at ?? now);
      driver.run();
      driver.advance(next - now);
      now = next;
      at += batch.length;
    }
    driver.run();
    expect(driver.deadLetters).toEqual([]);
    return driver.records('anomalies.events').map(({ record }) => record);
  }

  it('raises the same anomalies in any cut into batches, by the settings of their time', () => {
    const whole = anomaliesIn(play(() => 1));
    expect(whole.length).toBeGreaterThan(0);
    expect(new Set(whole.map(({ settingsVersion }) => settingsVersion))).toEqual(new Set([1]));
    const random = seeded(4);
    expect(anomaliesIn(play(() => 1 + Math.floor(random() * 3)))).toEqual(whole);
  });
});

describe('what-if', () => {
  /** Runs the processor with settings that hold from the start; returns what its log has. */
  function runWith(settings: DetectorSettings) {
    const driver = createDriver({ processors: [anomalies], startMs: START });
    const versioned = { ...settings, version: 1 };
    driver.append(
      settingsRecord({ settingsId: 'demo/1', tenantId: 'demo', effectiveFrom: 0, settings: versioned, note: '' }),
      { place: null, tenantId: 'demo' },
    );
    const burst = Array.from({ length: 30 }, (_, nth) => measureAt(START + nth * 10_000, { metric: 'denials' }));
    let now = START;
    for (const each of [...burst, ...spike.slice(1)]) {
      driver.advance(Math.max(0, each.at - now));
      now = Math.max(now, each.at);
      driver.run();
      driver.append(takeMeasure(each), { id: each.source.recordId, tenantId: 'demo' });
      driver.run();
    }
    return driver.records('anomalies.events');
  }

  it('raises exactly the anomalies that a run with those settings raises', () => {
    const other: DetectorSettings = { ...DEFAULT_SETTINGS, version: 1, levelThreshold: 3, denialsMax: 5 };
    const recorded = runWith(DEFAULT_SETTINGS);
    const replayed = (settings: DetectorSettings) => {
      const replay = createReplay(() => settings);
      return recorded.flatMap(({ record }) =>
        record.type === 'SeriesMeasured' || record.type === 'SeriesReviewed' ? replay(record) : [],
      );
    };
    const wanted = anomaliesIn(runWith(other).map(({ record }) => record));
    expect(wanted.length).toBeGreaterThan(anomaliesIn(recorded.map(({ record }) => record)).length);
    expect(replayed(other)).toEqual(wanted);
    expect(replayed({ ...DEFAULT_SETTINGS, version: 1 })).toEqual(anomaliesIn(recorded.map(({ record }) => record)));
  });
});
