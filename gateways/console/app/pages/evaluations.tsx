import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { PageTurns } from '../parts/page-turns.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { usePages } from '../parts/use-pages.ts';
import { count, dateTime } from '../state/text.ts';

type GoldenSet = Schemas['GoldenSetSummary'];
type Run = Schemas['EvaluationSummary'];

const EVERY_MS = 5_000;

const setColumns = [
  { head: 'golden set', cell: ({ golden_set: name }: GoldenSet) => name },
  { head: 'persona', cell: ({ persona }: GoldenSet) => persona },
  {
    head: 'latest verdict',
    cell: ({ last_verdict: verdict }: GoldenSet) => (verdict === null ? '' : <Mark state={verdict} />),
  },
  { head: 'version', kind: 'number' as const, cell: ({ version }: GoldenSet) => count(version) },
  { head: 'cases', kind: 'number' as const, cell: ({ cases }: GoldenSet) => count(cases) },
  { head: 'runs after a change of', cell: ({ triggers }: GoldenSet) => triggers.join(', ') },
  { head: 'baseline', cell: ({ baseline }: GoldenSet) => (baseline === null ? '' : dateTime(baseline.set_at)) },
];

const runColumns = [
  {
    head: 'run',
    cell: ({ evaluation_id: id }: Run) => (
      <a href={`/console/evaluations/${encodeURIComponent(id)}`}>{id.slice(0, 8)}</a>
    ),
  },
  { head: 'verdict', cell: ({ verdict }: Run) => <Mark state={verdict ?? 'running'} /> },
  { head: 'golden set', cell: ({ golden_set: name }: Run) => name ?? '' },
  { head: 'persona', cell: ({ persona }: Run) => persona ?? '' },
  { head: 'because of', cell: ({ cause }: Run) => cause ?? '' },
  { head: 'passed', kind: 'number' as const, cell: ({ passed }: Run) => (passed === null ? '' : count(passed)) },
  { head: 'of', kind: 'number' as const, cell: ({ cases }: Run) => (cases === null ? '' : count(cases)) },
  { head: 'ended', cell: ({ ended_at: at }: Run) => (at === null ? '' : dateTime(at)) },
];

/** The golden sets of the tenant, and the latest runs of them. */
export function EvaluationsPage() {
  const sets = usePages(
    'golden sets',
    (cursor) =>
      read(api.GET('/v1/evaluations/golden-sets', { params: { query: cursor === undefined ? {} : { cursor } } })),
    EVERY_MS,
  );
  const runs = usePages(
    'evaluations',
    (cursor) => read(api.GET('/v1/evaluations/runs', { params: { query: cursor === undefined ? {} : { cursor } } })),
    EVERY_MS,
  );
  return (
    <Page title="Evaluations" lead="Golden sets run again after a change, and are compared with a baseline.">
      <Section title="Golden sets">
        <Loaded of={sets.page} what="golden sets">
          {({ items }) =>
            items.length === 0 ? (
              <Empty>
                No golden set yet. <code>khipu evaluations set</code> defines one.
              </Empty>
            ) : (
              <Table caption="Golden sets" rows={items} keyOf={(row) => row.golden_set} columns={setColumns} />
            )
          }
        </Loaded>
        <PageTurns previous={sets.previous} next={sets.next} />
      </Section>
      <Section title="Latest runs">
        <Loaded of={runs.page} what="runs">
          {({ items }) =>
            items.length === 0 ? (
              <Empty>
                No run yet. <code>khipu persona check</code> starts one.
              </Empty>
            ) : (
              <Table caption="Latest runs" rows={items} keyOf={(row) => row.evaluation_id} columns={runColumns} />
            )
          }
        </Loaded>
        <PageTurns previous={runs.previous} next={runs.next} />
      </Section>
    </Page>
  );
}
