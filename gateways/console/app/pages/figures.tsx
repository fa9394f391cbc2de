import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { Page, Section } from '../parts/page.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { TimeChart } from '../parts/time-chart.tsx';
import { useResource } from '../parts/use-resource.ts';
import { amount, count, duration, shareOf } from '../state/text.ts';

type Figures = Schemas['AnalyticsFigures'];

const EVERY_MS = 30_000;
const HOUR_MS = 60 * 60 * 1000;
const HOURS = 24;

const kinds = ['personas', 'tools', 'policies', 'models', 'capsules'] as const;
type Kind = (typeof kinds)[number];
const TITLES: Readonly<Record<Kind, string>> = {
  ...{ personas: 'Personas', tools: 'Tools', policies: 'Clauses of the constitution', models: 'Models' },
  capsules: 'Capsules',
};

const figuresOf = (kind: Kind, query: { readonly window?: '1h'; readonly subject?: string }) => {
  const params = { params: { query } };
  switch (kind) {
    case 'personas':
      return read(api.GET('/v1/analytics/personas', params));
    case 'tools':
      return read(api.GET('/v1/analytics/tools', params));
    case 'policies':
      return read(api.GET('/v1/analytics/policies', params));
    case 'models':
      return read(api.GET('/v1/analytics/models', params));
    case 'capsules':
      return read(api.GET('/v1/analytics/capsules', params));
  }
};

const latency = (ms: number | null): string => (ms === null ? '' : duration(ms));
const percent = (part: number, all: number): string => (all === 0 ? '' : `${Math.round(100 * shareOf(part, all))} %`);

/** Runs of each of the last 24 hours; hours without any are 0. */
function hourly(windows: readonly Figures[], until: string) {
  const end = Math.ceil(Date.parse(until) / HOUR_MS) * HOUR_MS;
  const starts = Array.from({ length: HOURS }, (_, nth) => end - (HOURS - nth) * HOUR_MS);
  const runs = new Map(windows.map((each) => [Date.parse(each.window_start ?? ''), each.runs]));
  return { times: starts.map((start) => start / 1_000), values: starts.map((start) => runs.get(start) ?? 0) };
}

function Hours({ kind, subject }: { readonly kind: Kind; readonly subject: string }) {
  const windows = useResource(`hours ${kind} ${subject}`, () => figuresOf(kind, { window: '1h', subject }));
  return (
    <Loaded of={windows} what="hours">
      {({ items, until }) => {
        const { times, values } = hourly(items, until);
        const label = `Runs of ${subject} by hour; last ${values.at(-1) ?? 0}`;
        return <TimeChart label={label} times={times} values={values} height={110} />;
      }}
    </Loaded>
  );
}

function Kinds({ kind }: { readonly kind: Kind }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const figures = useResource(`figures ${kind}`, () => figuresOf(kind, {}), { everyMs: EVERY_MS });
  const columns = [
    {
      head: 'subject',
      cell: ({ subject }: Figures) => (
        <button type="button" class="plain" aria-pressed={subject === chosen} onClick={() => setChosen(subject)}>
          {subject}
        </button>
      ),
    },
    { head: 'runs', kind: 'number' as const, cell: ({ runs }: Figures) => count(runs) },
    { head: 'succeeded', kind: 'number' as const, cell: (row: Figures) => percent(row.successes, row.runs) },
    { head: 'refused', kind: 'number' as const, cell: ({ refusals }: Figures) => count(refusals) },
    { head: 'approvals', kind: 'number' as const, cell: ({ approvals }: Figures) => count(approvals) },
    { head: 'tokens', kind: 'number' as const, cell: ({ tokens }: Figures) => count(tokens) },
    { head: 'cost', kind: 'number' as const, cell: ({ cost }: Figures) => amount(cost) },
    { head: 'p50', kind: 'number' as const, cell: (row: Figures) => latency(row.latency_ms.p50) },
    { head: 'p95', kind: 'number' as const, cell: (row: Figures) => latency(row.latency_ms.p95) },
  ];
  return (
    <Section title={TITLES[kind]} note="the last 24 hours">
      <Loaded of={figures} what={kind}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>None in the last 24 hours.</Empty>
          ) : (
            <>
              <Table
                caption={TITLES[kind]}
                rows={items}
                keyOf={({ subject }) => subject}
                isMarked={({ subject }) => subject === chosen}
                columns={columns}
              />
              {chosen !== null && <Hours kind={kind} subject={chosen} />}
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

/** Figures of personas, tools, clauses, models and capsules. */
export function FiguresPage() {
  return (
    <Page title="Figures" lead="Runs, refusals, cost and latency, by the time of each record.">
      {kinds.map((kind) => (
        <Kinds key={kind} kind={kind} />
      ))}
    </Page>
  );
}
