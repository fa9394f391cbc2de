import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readReleased, writeReleased } from './compatibility.ts';
import {
  type Contracts,
  currentContracts,
  incompatibilities,
  type Released,
  withRelease,
} from './compatibility-contracts.ts';
import { breaks } from './compatibility-rules.ts';

const none: Released = { versions: [], topics: {}, records: {} };
const cost = (precision: number, scale: number) => ({ type: 'bytes', logicalType: 'decimal', precision, scale });
const outcome = (...symbols: readonly string[]) => ({ type: 'enum', name: 'Outcome', symbols });
const record = (...fields: readonly object[]): string =>
  JSON.stringify({ type: 'record', namespace: 'khipu.jobs', name: 'JobEnded', fields });
const id = { name: 'job_id', type: 'string' };
const field = (name: string, type: unknown, rest: object = {}) => ({ name, type, ...rest });

describe('a change of a schema', () => {
  it.each<[string, string, string]>([
    ['a new field with a default', record(id), record(id, field('note', ['null', 'string'], { default: null }))],
    ['a removed field that had one', record(id, field('note', 'string', { default: '' })), record(id)],
    ['documentation', record(id), record({ ...id, doc: 'The job.' })],
    ['the order of fields', record(id, field('at', 'long')), record(field('at', 'long'), id)],
  ])('may be %s', (_, older, newer) => {
    expect(breaks(older, newer, 'FULL_TRANSITIVE')).toEqual([]);
  });

  it.each<[string, string, string, RegExp]>([
    [
      'a new field without default',
      record(id),
      record(id, field('note', 'string')),
      /note: a new field needs a default/,
    ],
    ['a removed field without default', record(id, field('at', 'long')), record(id), /at: was removed/],
    ['a renamed field', record(id), record(field('id', 'string')), /id: a new field needs a default/],
    ['another type', record(id), record(field('job_id', 'long')), /records of the old version cannot be read/],
    ['a wider number', record(field('n', 'int')), record(field('n', 'long')), /readers of the old version/],
    ['text that becomes bytes', record(id), record(field('job_id', 'bytes')), /string became bytes/],
    [
      'null no more',
      record(field('n', ['null', 'int'])),
      record(field('n', 'int')),
      /records of the old version cannot be read/,
    ],
    [
      'a removed symbol',
      record(field('o', outcome('a', 'b'))),
      record(field('o', outcome('a'))),
      /symbol b was removed/,
    ],
    ['an added symbol', record(field('o', outcome('a'))), record(field('o', outcome('a', 'b'))), /symbol b was added/],
    ['the scale of money', record(field('c', cost(18, 9))), record(field('c', cost(18, 6))), /decimal\(18, 9\) became/],
    [
      'the precision of money',
      record(field('c', cost(18, 9))),
      record(field('c', cost(12, 9))),
      /became decimal\(12, 9\)/,
    ],
    [
      'the unit of a time',
      record(field('at', { type: 'long', logicalType: 'timestamp-millis' })),
      record(field('at', { type: 'long', logicalType: 'timestamp-micros' })),
      /timestamp-millis became timestamp-micros/,
    ],
    [
      'a time that becomes a number',
      record(field('at', { type: 'long', logicalType: 'timestamp-millis' })),
      record(field('at', 'long')),
      /timestamp-millis became long/,
    ],
    [
      'the mark of a carried record',
      record(field('command', 'bytes', { 'khipu.carries': 'record' })),
      record(field('command', 'bytes')),
      /command: khipu.carries changed/,
    ],
    [
      'a symbol deep inside',
      record(field('list', { type: 'array', items: ['null', outcome('a', 'b')] })),
      record(field('list', { type: 'array', items: ['null', outcome('b')] })),
      /list\[\]: symbol a was removed/,
    ],
  ])('may not be %s', (_, older, newer, reason) => {
    expect(breaks(older, newer, 'FULL_TRANSITIVE').join('\n')).toMatch(reason);
  });

  it('of a command must only be readable by later versions', () => {
    const older = record(id, field('n', 'int'), field('o', outcome('a')));
    const newer = record(field('n', 'long'), field('o', outcome('a', 'b')));
    expect(breaks(older, newer, 'BACKWARD_TRANSITIVE')).toEqual([]);
    expect(breaks(newer, older, 'BACKWARD_TRANSITIVE')).not.toEqual([]);
  });
});

describe('the contracts of the catalogue', () => {
  const current = currentContracts();
  const released = withRelease(none, '0.1.0', current);
  const changed = (
    change: (contracts: { topics: Contracts['topics']; records: Contracts['records'] }) => void,
  ): string[] => {
    const copy = structuredClone(current);
    change(copy);
    return incompatibilities(copy, released);
  };
  const mutable = (value: object): Record<string, unknown> => value as Record<string, unknown>;

  it('are found', () => {
    expect(Object.keys(current.records).length).toBeGreaterThan(20);
    expect(Object.keys(current.topics).length).toBeGreaterThan(10);
  });

  it('are compatible with themselves', () => {
    expect(incompatibilities(current, released)).toEqual([]);
  });

  it.each<[string, Parameters<typeof changed>[0], RegExp]>([
    [
      'a removed record',
      ({ records }) => delete mutable(records)['TurnDelta'],
      /^TurnDelta: a released record was removed/,
    ],
    ['a removed topic', ({ topics }) => delete mutable(topics)['slm.metrics'], /^slm.metrics: a released topic/],
    ['another topic', ({ records }) => (mutable(records['TurnDelta'] ?? {})['topic'] = 'slm.metrics'), /moved from/],
    [
      'another key',
      ({ records }) => (mutable(records['TurnDelta'] ?? {})['key'] = 'turn_id'),
      /key went from session_id/,
    ],
    [
      'one partition',
      ({ topics }) => (mutable(topics['slm.metrics'] ?? {})['spread'] = 'single'),
      /from partitioned to single/,
    ],
    [
      'compaction',
      ({ topics }) => (mutable(topics['slm.metrics'] ?? {})['cleanup'] = 'compact'),
      /from delete to compact/,
    ],
    [
      'no governance',
      ({ topics }) => (mutable(topics['sessions.commands'] ?? {})['governed'] = false),
      /without a decision/,
    ],
  ])('refuse %s', (_, change, reason) => {
    expect(changed(change)).toEqual([expect.stringMatching(reason)]);
  });

  it('allow an open vocabulary to grow: finish reasons, and the processors that call models', () => {
    const grown = structuredClone(current);
    const known = '"symbols":["stop","length","other","tool_calls"]';
    const changedRecords = Object.entries(grown.records).filter(([, { schema }]) => schema.includes(known));
    expect(changedRecords.map(([name]) => name).sort()).toEqual([
      'InferenceCompleted',
      'SlmCompleted',
      'TurnCompleted',
    ]);
    for (const [name, { schema }] of changedRecords)
      mutable(grown.records[name] ?? {})['schema'] = schema.replace(known, known.replace(']', ',"content_filter"]'));
    expect(incompatibilities(grown, released)).toEqual([]);
    // Another origin, such as `jobs`, is a value: no schema lists them.
    for (const { schema } of Object.values(current.records).filter(({ topic }) => topic.startsWith('slm.')))
      expect(schema).toContain('{"name":"origin","type":"string"');
  });

  it('refuse an enum without default in replayed records, also in nested types', () => {
    const closed = record(id, field('all', { type: 'array', items: ['null', outcome('a')] }));
    const open = record(id, field('one', { ...outcome('a'), default: 'a' }));
    const contracts = (kind: 'events' | 'decisions' | 'state' | 'commands', schema: string): Contracts => ({
      topics: { 'jobs.some': { kind, spread: 'single', cleanup: 'delete', governed: false } },
      records: { JobEnded: { topic: 'jobs.some', key: 'job_id', schema } },
    });
    for (const kind of ['events', 'decisions', 'state'] as const) {
      expect(incompatibilities(contracts(kind, closed), none)).toEqual([
        'JobEnded: enum Outcome has no default, so it could never get another symbol',
      ]);
      expect(incompatibilities(contracts(kind, open), none)).toEqual([]);
    }
    expect(incompatibilities(contracts('commands', closed), none)).toEqual([]);
  });

  it('are compared with every released version, not only the last', () => {
    const versions = ['1', '2', '3'].map((n) => record(id, field(`f${n}`, 'int', { default: 0 })));
    const contracts = (schema: string): Contracts => ({
      topics: { 'jobs.events': { kind: 'events', spread: 'single', cleanup: 'delete', governed: false } },
      records: { JobEnded: { topic: 'jobs.events', key: 'job_id', schema } },
    });
    const all = versions.reduce((sum, schema, n) => withRelease(sum, `${n + 1}.0.0`, contracts(schema)), none);
    const open = { ...outcome('a'), default: 'a' };
    const next = contracts(record(id, field('f1', open, { default: 'a' })));
    expect(incompatibilities(next, all)).toEqual([expect.stringMatching(/FULL_TRANSITIVE with 1\.0\.0/)]);
  });

  it('are written once, and an edited snapshot is detected', () => {
    const root = mkdtempSync(join(tmpdir(), 'khipu-released-'));
    try {
      writeReleased(released, root);
      expect(incompatibilities(current, readReleased(root))).toEqual([]);
      const again = withRelease(readReleased(root), '0.2.0', current);
      expect(Object.keys(again.records['TurnDelta']?.schemas ?? {})).toEqual(['0.1.0']);
      writeFileSync(join(root, 'TurnDelta', '0.1.0.avsc'), record(id));
      expect(() => readReleased(root)).toThrow(/RELEASED_EDITED: TurnDelta 0.1.0/);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
