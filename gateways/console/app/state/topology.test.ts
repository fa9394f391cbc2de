import { describe, expect, it } from 'vitest';
import type { Schemas } from '../../../../infra/client/api.ts';
import { pathOf } from './layered.ts';
import { graphOf } from './topology-graph.ts';
import { layoutOf } from './topology-layout.ts';

type Topology = Schemas['Topology'];

const topic = (name: string, kind: Topology['topics'][number]['kind'] = 'events') => ({
  ...{ name, kind, context: '', doc: '', records: [] },
});
const body: Topology = {
  topics: [
    topic('sessions.commands', 'commands'),
    topic('policy.decisions'),
    topic('policy.state', 'state'),
    topic('unused'),
  ],
  readers: [
    { name: 'gateway', kind: 'gateway', topology: null, reads: [], writes: ['sessions.commands'] },
    {
      ...{ name: 'policy', kind: 'processor', topology: 'core' },
      ...{ reads: ['sessions.commands'], writes: ['policy.decisions', 'policy.state'] },
    },
  ],
};
const partition = (topicName: string, number: number, lag: number) => ({
  topic: topicName,
  partition: number,
  position: 0,
  end: lag,
  lag,
});
const activity: Schemas['PlatformActivity'] = {
  ...{ at: '', watched_ms: 1_000 },
  topics: [{ name: 'sessions.commands', partitions: 2, offsets: 9, offsets_per_second: 4.5 }],
  readers: [
    {
      ...{ name: 'core', kind: 'processor', lag: 12, processes: [] },
      partitions: [
        partition('sessions.commands', 0, 5),
        partition('sessions.commands', 1, 2),
        partition('other', 0, 5),
      ],
    },
  ],
};

describe('the drawing of the topology', () => {
  it('has an arrow for each topic that is read or written, with its rate and its lag', () => {
    const { edges } = graphOf(body, activity, { inner: false, wide: true });
    expect(edges).toEqual([
      { from: 'gateway:gateway', to: 'topic:sessions.commands', rate: 4.5, lag: null },
      { from: 'topic:sessions.commands', to: 'processor:policy', rate: 4.5, lag: 7 },
      { from: 'processor:policy', to: 'topic:policy.decisions', rate: null, lag: null },
    ]);
  });

  it('hides topics of one processor unless asked, and topics without a reader or a writer', () => {
    const names = (inner: boolean): string[] =>
      graphOf(body, null, { inner, wide: true }).nodes.map(({ name }) => name);
    expect(names(false)).toEqual(['gateway', 'policy', 'sessions.commands', 'policy.decisions']);
    expect(names(true)).toContain('policy.state');
  });

  it('leaves out what a reader of many topics reads, unless asked, and a node without an arrow', () => {
    const many = Array.from({ length: 13 }, (_, at) => `t.${at}`);
    const wideBody: Topology = {
      topics: [...body.topics, ...many.map((name) => topic(name))],
      readers: [
        ...body.readers,
        { name: 'audit', kind: 'processor', topology: null, reads: many, writes: ['unused'] },
        { name: 'events', kind: 'view', topology: null, reads: many, writes: [] },
      ],
    };
    const narrow = graphOf(wideBody, null, { inner: false, wide: false });
    expect(narrow.edges.filter(({ from, to }) => [from, to].includes('processor:audit'))).toMatchObject([
      { from: 'processor:audit', to: 'topic:unused' },
    ]);
    expect(narrow.nodes.map(({ id }) => id)).not.toContain('view:events');
    expect(graphOf(wideBody, null, { inner: false, wide: true }).edges).toHaveLength(narrow.edges.length + 26);
  });

  it('is laid out from left to right, the same each time, without one node on another', () => {
    const graph = graphOf(body, activity, { inner: true, wide: true });
    const once = layoutOf(graph);
    expect(layoutOf(graph)).toEqual(once);
    const x = (id: string): number => once.nodes.find((node) => node.id === id)?.x ?? Number.NaN;
    expect(x('gateway:gateway')).toBeLessThan(x('topic:sessions.commands'));
    expect(x('topic:sessions.commands')).toBeLessThan(x('processor:policy'));
    const overlap = once.nodes.some((a) =>
      once.nodes.some(
        (b) =>
          a.id < b.id &&
          Math.abs(a.x - b.x) < (a.width + b.width) / 2 &&
          Math.abs(a.y - b.y) < (a.height + b.height) / 2,
      ),
    );
    expect(overlap).toBe(false);
    expect(once.edges.every(({ path }) => path.startsWith('M'))).toBe(true);
  });

  it('rounds the corners of an arrow', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 10 },
    ];
    expect(pathOf(points)).toBe('M0 0Q10 0 10 5L10 10');
    expect(pathOf([])).toBe('');
  });
});
