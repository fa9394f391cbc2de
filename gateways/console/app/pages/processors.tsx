import { useEffect, useState } from 'preact/hooks';
import { api, read } from '../api/client.ts';
import type { ReaderActivity, TopologyActivity, TopologyBody } from '../api/console-paths.ts';
import { DeadLetters } from '../parts/dead-letters.tsx';
import { Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Loaded, ProblemNote } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { TimeChart } from '../parts/time-chart.tsx';
import { useResource } from '../parts/use-resource.ts';
import { emptyHistory, withSample } from '../state/lag-history.ts';
import { count } from '../state/text.ts';

const EVERY_MS = 4_000;

type Reader = TopologyBody['readers'][number];

interface ReaderRow extends Reader {
  readonly activity: ReaderActivity | null;
  readonly deadLetters: number;
}

const rowsOf = ({ readers }: TopologyBody, activity: TopologyActivity | null): readonly ReaderRow[] =>
  readers
    .filter(({ kind }) => kind !== 'gateway')
    .map((reader) => ({
      ...reader,
      activity: activity?.readers.find(({ name }) => name === reader.name) ?? null,
      deadLetters: (activity?.topics ?? [])
        .filter(({ name }) => reader.reads.includes(name))
        .reduce((sum, topic) => sum + topic.dead_letters, 0),
    }));

const stateOf = ({ activity }: ReaderRow) => {
  if (activity === null) return <Mark state="unknown" />;
  return activity.lag > 0 ? <Mark state="behind" /> : <Mark state="up to date" tone="good" />;
};

interface ReadersProps {
  readonly rows: readonly ReaderRow[];
  readonly selected: string;
  readonly onSelect: (name: string) => void;
}

const Readers = ({ rows, selected, onSelect }: ReadersProps) => (
  <Table
    caption="Processors and other readers"
    rows={rows}
    keyOf={({ kind, name }) => `${kind} ${name}`}
    isMarked={({ name }) => name === selected}
    columns={[
      {
        head: 'name',
        cell: ({ name }) => (
          <button type="button" class="plain" aria-pressed={name === selected} onClick={() => onSelect(name)}>
            {name}
          </button>
        ),
      },
      { head: 'kind', cell: ({ kind }) => kind },
      { head: 'topology', cell: ({ topology }) => topology ?? '' },
      { head: 'state', cell: stateOf },
      { head: 'lag', kind: 'number', cell: ({ activity }) => (activity === null ? '' : count(activity.lag)) },
      { head: 'dead letters', kind: 'number', cell: ({ deadLetters }) => count(deadLetters) },
      { head: 'reads', cell: ({ reads }) => <span class="mono">{reads.join(', ')}</span> },
    ]}
  />
);

const partitionColumns = [
  { head: 'topic', cell: ({ topic }: ReaderActivity['partitions'][number]) => <span class="mono">{topic}</span> },
  { head: 'partition', kind: 'number' as const, cell: (row: ReaderActivity['partitions'][number]) => row.partition },
  {
    head: 'position',
    kind: 'number' as const,
    cell: (row: ReaderActivity['partitions'][number]) => count(row.position),
  },
  { head: 'end', kind: 'number' as const, cell: (row: ReaderActivity['partitions'][number]) => count(row.end) },
  { head: 'lag', kind: 'number' as const, cell: (row: ReaderActivity['partitions'][number]) => count(row.lag) },
];

/** Lag of every reader, over time and by partition for one of them. */
function Lags() {
  const declared = useResource('topology', () => read(api.GET('/v1/topology')));
  const activity = useResource('activity', () => read(api.GET('/v1/topology/activity')), { everyMs: EVERY_MS });
  const [chosen, setChosen] = useState<string | null>(null);
  const [history, setHistory] = useState(emptyHistory);
  const { data } = activity;
  useEffect(() => {
    if (data !== null) setHistory((before) => withSample(before, Date.parse(data.at) / 1_000, data.readers));
  }, [data]);
  return (
    <>
      {activity.error !== null && <ProblemNote error={activity.error} retry={activity.reload} />}
      <Loaded of={declared} what="processors">
        {(body) => {
          const rows = rowsOf(body, data);
          const selected = rows.find(({ name }) => name === chosen) ?? rows[0];
          const lags = history.lags.get(selected?.name ?? '') ?? [];
          return (
            <>
              <Section title="Processors and other readers">
                <Readers rows={rows} selected={selected?.name ?? ''} onSelect={setChosen} />
              </Section>
              {selected !== undefined && (
                <Section title={`Lag of ${selected.name}`} note="in offsets, since this page was opened">
                  <TimeChart
                    label={`Lag of ${selected.name}; now ${lags.at(-1) ?? 0}`}
                    times={history.times}
                    values={lags}
                    height={110}
                  />
                  <Table
                    caption={`Partitions of ${selected.name}`}
                    rows={selected.activity?.partitions ?? []}
                    keyOf={({ topic, partition }) => `${topic}/${partition}`}
                    columns={partitionColumns}
                  />
                </Section>
              )}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

/** Readers of the log with their lag, and the records that they could not decide. */
export const ProcessorsPage = () => (
  <Page title="Processors" lead="Who reads the log, how far behind, and what could not be decided.">
    <DeadLetters />
    <Lags />
  </Page>
);
