import { useRoute } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { JobLink } from '../parts/job-link.tsx';
import { Fact, Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { RunMatrix } from '../parts/run-matrix.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { useResource } from '../parts/use-resource.ts';
import { count } from '../state/text.ts';

type Run = Schemas['Evaluation'];
type Scorer = Schemas['EvaluationScorer'];
type Case = Schemas['EvaluationCase'];

const EVERY_MS = 2_000;

const share = (value: number | null): string => (value === null ? '' : `${(100 * value).toFixed(1)} %`);
const isAmount = ({ kind }: Scorer): boolean => kind === 'cost' || kind === 'latency';
const range = (low: number | null, high: number | null): string =>
  low === null || high === null ? '' : `${share(low)} to ${share(high)}`;

const scorerColumns = [
  { head: 'scorer', cell: ({ name }: Scorer) => name },
  {
    head: 'verdict',
    cell: ({ compared }: Scorer) => (compared === null ? 'not compared' : <Mark state={compared.verdict} />),
  },
  {
    head: 'value',
    kind: 'number' as const,
    cell: (row: Scorer) => (isAmount(row) ? (row.value?.toPrecision(4) ?? '') : share(row.value)),
  },
  { head: 'within', cell: ({ low, high }: Scorer) => range(low, high) },
  { head: 'difference', kind: 'number' as const, cell: ({ compared }: Scorer) => share(compared?.difference ?? null) },
  { head: 'difference within', cell: ({ compared }: Scorer) => range(compared?.low ?? null, compared?.high ?? null) },
  {
    head: 'worse',
    kind: 'number' as const,
    cell: ({ compared }: Scorer) => (compared === null ? '' : count(compared.worse)),
  },
  {
    head: 'better',
    kind: 'number' as const,
    cell: ({ compared }: Scorer) => (compared === null ? '' : count(compared.better)),
  },
  { head: 'any repeat', kind: 'number' as const, cell: (row: Scorer) => share(row.pass_at_k) },
  { head: 'every repeat', kind: 'number' as const, cell: (row: Scorer) => share(row.pass_hat_k) },
  { head: 'kappa', kind: 'number' as const, cell: ({ kappa }: Scorer) => kappa?.toFixed(2) ?? '' },
];

const caseColumns = [
  { head: 'case', cell: ({ case_id: id }: Case) => id },
  { head: 'passed', cell: ({ passed }: Case) => (passed ? 'yes' : 'no') },
  { head: 'compared', cell: ({ verdict }: Case) => verdict },
  { head: 'answer', cell: ({ answer, code }: Case) => code ?? answer },
];

function Story({ run }: { readonly run: Run }) {
  const { result } = run;
  return (
    <>
      <Section title="Verdict" note={run.detail ?? ''}>
        <dl class="facts">
          <Fact label="verdict">
            <Mark state={run.verdict ?? run.status} />
          </Fact>
          <Fact label="golden set">{run.golden_set ?? ''}</Fact>
          <Fact label="persona">{run.persona ?? ''}</Fact>
          <Fact label="because of">{run.cause ?? ''}</Fact>
          {run.more_cases !== null && <Fact label="further cases">{count(run.more_cases)}</Fact>}
          <Fact label="models">{run.models.join(', ')}</Fact>
          <Fact label="job">
            <JobLink id={run.evaluation_id} />
          </Fact>
        </dl>
      </Section>
      {result === null ? (
        <Empty>The run has no result yet.</Empty>
      ) : (
        <>
          <Section title="Scorers" note="Intervals hold with 95 % on each side.">
            <Table caption="Scorers" rows={result.scorers} keyOf={(row) => row.name} columns={scorerColumns} />
          </Section>
          {run.golden_set !== null && <RunMatrix run={run} goldenSet={run.golden_set} />}
          <Section title="Cases">
            <Table
              caption="Cases"
              rows={result.cases}
              keyOf={(row) => row.case_id}
              columns={caseColumns}
              isMarked={(row) => row.verdict === 'worse'}
            />
          </Section>
        </>
      )}
    </>
  );
}

/** A run of a golden set: its verdict, what each scorer says with intervals, and one row a case. */
export function EvaluationPage() {
  const { params } = useRoute();
  const id = params['id'] ?? '';
  const run = useResource(
    `evaluation ${id}`,
    () => read(api.GET('/v1/evaluations/runs/{evaluation_id}', { params: { path: { evaluation_id: id } } })),
    { everyMs: EVERY_MS },
  );
  return (
    <Page title={`Run ${id.slice(0, 8)}`} lead="A run of a golden set, compared with its baseline.">
      <Loaded of={run} what="the run">
        {(found) => <Story run={found} />}
      </Loaded>
    </Page>
  );
}
