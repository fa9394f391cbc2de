import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { Field } from '../parts/field.tsx';
import { Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { PageTurns } from '../parts/page-turns.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { TimeChart } from '../parts/time-chart.tsx';
import { usePages } from '../parts/use-pages.ts';
import { useResource } from '../parts/use-resource.ts';
import { type ShownSeries, seriesOf } from '../state/anomaly-series.ts';
import { count, dateTime } from '../state/text.ts';

type Anomaly = Schemas['Anomaly'];
type SuggestedSwitch = Anomaly['suggested_kill_switch'];

const EVERY_MS = 30_000;

/** The kill switch that a person may consider: a link to its page, where it is engaged by hand. */
const suggestion = (suggested: SuggestedSwitch) => {
  if (suggested === null) return '';
  if (suggested.engaged) return <Mark state={`${suggested.scope} engaged`} tone="bad" />;
  return <a href="/console/kill-switch">{suggested.scope}</a>;
};

const columns = [
  { head: 'found', cell: ({ detected_at: at }: Anomaly) => dateTime(at) },
  {
    head: 'rule',
    cell: ({ rule, direction }: Anomaly) => <Mark state={`${rule} ${direction ?? ''}`.trim()} tone="bad" />,
  },
  { head: 'metric', cell: ({ metric }: Anomaly) => metric },
  { head: 'subject', cell: ({ subject }: Anomaly) => <span class="mono">{subject}</span> },
  { head: 'what', cell: ({ detail }: Anomaly) => detail },
  {
    head: 'score',
    kind: 'number' as const,
    cell: ({ score, threshold }: Anomaly) => `${score.toFixed(1)} of ${threshold}`,
  },
  { head: 'records', kind: 'number' as const, cell: ({ records_total: total }: Anomaly) => count(total) },
  { head: 'kill switch to consider', cell: ({ suggested_kill_switch: suggested }: Anomaly) => suggestion(suggested) },
];

function Series({ all }: { readonly all: readonly ShownSeries[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const selected = all.find(({ name }) => name === chosen) ?? all[0];
  if (selected === undefined) return <Empty>No series yet: nothing was used in the last week.</Empty>;
  const marked = selected.marks.filter(Boolean).length;
  return (
    <>
      <div class="find">
        <Field label="Series">
          <select value={selected.name} onChange={(event) => setChosen(event.currentTarget.value)}>
            {all.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </Field>
      </div>
      <TimeChart
        label={`${selected.name} by hour; ${marked} marked as anomalies; last ${selected.values.at(-1) ?? 0}`}
        times={selected.times}
        values={selected.values}
        expected={selected.expected}
        marks={selected.marks}
        height={180}
      />
    </>
  );
}

/** Anomalies of the tenant, and the series that they are of. */
export function AnomaliesPage() {
  const { page, next, previous } = usePages(
    'anomalies',
    (cursor) => read(api.GET('/v1/anomalies', { params: { query: cursor === undefined ? {} : { cursor } } })),
    EVERY_MS,
  );
  const series = useResource('anomaly-series', () => read(api.GET('/v1/anomalies/series')), { everyMs: EVERY_MS });
  return (
    <Page title="Anomalies" lead="Use and behaviour that differ from their past. Nothing is stopped by itself.">
      <Section title="Series by hour" note="the last week; dashed: expected">
        <Loaded of={series} what="series">
          {({ items }) => <Series all={seriesOf(items, page.data?.items ?? [])} />}
        </Loaded>
      </Section>
      <Section title="Newest first">
        <Loaded of={page} what="anomalies">
          {({ items }) =>
            items.length === 0 ? (
              <Empty>No anomaly. A series is judged once it has two weeks.</Empty>
            ) : (
              <Table caption="Anomalies" rows={items} keyOf={({ anomaly_id: id }) => id} columns={columns} />
            )
          }
        </Loaded>
        <PageTurns previous={previous} next={next} />
      </Section>
    </Page>
  );
}
