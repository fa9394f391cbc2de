import { useEffect, useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { DeadLetters, useDeadLetters } from '../parts/dead-letters.tsx';
import { Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Loaded, ProblemNote } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { TimeChart } from '../parts/time-chart.tsx';
import { useResource } from '../parts/use-resource.ts';
import { emptyHistory, withSample } from '../state/lag-history.ts';
import {
  activityOf,
  openLettersOf,
  type PartitionActivity,
  type Reader,
  type ReaderActivity,
  type ReaderProcess,
  restartsOf,
} from '../state/reader-activity.ts';
import { count, dateTime } from '../state/text.ts';

const EVERY_MS = 4_000;

type Letters = readonly Schemas['DeadLetter'][];

interface ReaderRow extends Reader {
  readonly activity: ReaderActivity | null;
  /** Open ones; null while they are not known. */
  readonly deadLetters: number | null;
}

const rowsOf = (
  { readers }: Schemas['Topology'],
  activity: Schemas['PlatformActivity'] | null,
  letters: Letters | null,
): readonly ReaderRow[] =>
  readers
    .filter(({ kind }) => kind !== 'gateway')
    .map((reader) => ({
      ...reader,
      activity: activityOf(reader, activity),
      deadLetters: openLettersOf(reader, letters),
    }));

const idOf = ({ kind, name }: Reader): string => `${kind} ${name}`;

const stateOf = ({ activity }: ReaderRow) => {
  if (activity === null) return <Mark state="unknown" />;
  return activity.lag > 0 ? <Mark state="behind" /> : <Mark state="up to date" tone="good" />;
};

const restartsCell = (activity: ReaderActivity | null): string => {
  const restarts = activity === null ? null : restartsOf(activity);
  return restarts === null ? '' : count(restarts);
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
    keyOf={idOf}
    isMarked={(row) => idOf(row) === selected}
    columns={[
      {
        head: 'name',
        cell: (row) => (
          <button type="button" class="plain" aria-pressed={idOf(row) === selected} onClick={() => onSelect(idOf(row))}>
            {row.name}
          </button>
        ),
      },
      { head: 'kind', cell: ({ kind }) => kind },
      { head: 'topology', cell: ({ topology }) => topology ?? '' },
      { head: 'state', cell: stateOf },
      { head: 'lag', kind: 'number', cell: ({ activity }) => (activity === null ? '' : count(activity.lag)) },
      {
        head: 'processes',
        kind: 'number',
        cell: ({ kind, activity }) => (activity === null || kind === 'view' ? '' : count(activity.processes.length)),
      },
      { head: 'restarts', kind: 'number', cell: ({ activity }) => restartsCell(activity) },
      {
        head: 'dead letters',
        kind: 'number',
        cell: ({ deadLetters }) => (deadLetters === null ? '' : count(deadLetters)),
      },
      { head: 'reads', cell: ({ reads }) => <span class="mono">{reads.join(', ')}</span> },
    ]}
  />
);

const partitionColumns = [
  { head: 'topic', cell: ({ topic }: PartitionActivity) => <span class="mono">{topic}</span> },
  { head: 'partition', kind: 'number' as const, cell: (row: PartitionActivity) => row.partition },
  {
    head: 'position',
    kind: 'number' as const,
    cell: (row: PartitionActivity) => count(row.position),
  },
  { head: 'end', kind: 'number' as const, cell: (row: PartitionActivity) => count(row.end) },
  { head: 'lag', kind: 'number' as const, cell: (row: PartitionActivity) => count(row.lag) },
];

const processColumns = [
  { head: 'host', cell: ({ host }: ReaderProcess) => <span class="mono">{host}</span> },
  { head: 'started', cell: ({ started_at: at }: ReaderProcess) => (at === null ? '' : dateTime(at)) },
  { head: 'restarts', kind: 'number' as const, cell: ({ restarts }: ReaderProcess) => restarts ?? '' },
  { head: 'partitions', cell: ({ partitions }: ReaderProcess) => partitions.join(', ') },
];

/** Lag of every reader, over time and by partition for one of them. */
function Lags({ letters }: { readonly letters: Letters | null }) {
  const declared = useResource('topology', () => read(api.GET('/v1/topology')));
  const activity = useResource('activity', () => read(api.GET('/v1/topology/activity')), { everyMs: EVERY_MS });
  const [chosen, setChosen] = useState<string | null>(null);
  const [history, setHistory] = useState(emptyHistory);
  const { data } = activity;
  useEffect(() => {
    if (data === null || declared.data === null) return;
    const lags = rowsOf(declared.data, data, null).map((row) => ({ name: idOf(row), lag: row.activity?.lag ?? 0 }));
    setHistory((before) => withSample(before, Date.parse(data.at) / 1_000, lags));
  }, [data, declared.data]);
  return (
    <>
      {activity.error !== null && <ProblemNote error={activity.error} retry={activity.reload} />}
      <Loaded of={declared} what="processors">
        {(body) => {
          const rows = rowsOf(body, data, letters);
          const selected = rows.find((row) => idOf(row) === chosen) ?? rows[0];
          const id = selected === undefined ? '' : idOf(selected);
          const lags = history.lags.get(id) ?? [];
          return (
            <>
              <Section title="Processors and other readers">
                <Readers rows={rows} selected={id} onSelect={setChosen} />
              </Section>
              {selected !== undefined && (
                <Section title={`Lag of ${selected.name}`} note="in offsets, since this page was opened">
                  <TimeChart
                    label={`Lag of ${selected.name}; now ${lags.at(-1) ?? 0}`}
                    times={history.times}
                    values={lags}
                    height={110}
                  />
                  {(selected.activity?.processes.length ?? 0) > 0 && (
                    <Table
                      caption={`Processes of ${selected.topology ?? selected.name}`}
                      rows={selected.activity?.processes ?? []}
                      keyOf={({ host, started_at: at, partitions }) => `${host} ${at} ${partitions}`}
                      columns={processColumns}
                    />
                  )}
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
export function ProcessorsPage() {
  const letters = useDeadLetters();
  return (
    <Page title="Processors" lead="Who reads the log, how far behind, and what could not be decided.">
      <DeadLetters of={letters} />
      <Lags letters={letters.found.data?.items ?? null} />
    </Page>
  );
}
