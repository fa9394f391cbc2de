import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { type ComparedCase, comparedCases, inTime } from '../state/evaluation-runs.ts';
import { dateTime, shortId } from '../state/text.ts';
import { Mark } from './mark.tsx';
import { Section } from './page.tsx';
import { Empty, Loaded } from './states.tsx';
import { Table } from './table.tsx';
import { useResource } from './use-resource.ts';

type Run = Schemas['Evaluation'];

/** Latest runs that are held against each other: each is read whole. */
const RUNS_MAX = 8;

async function readRuns(goldenSet: string): Promise<readonly Run[]> {
  const query = { golden_set: goldenSet, limit: RUNS_MAX };
  const { items } = await read(api.GET('/v1/evaluations/runs', { params: { query } }));
  const path = '/v1/evaluations/runs/{evaluation_id}';
  const runs = items.map(({ evaluation_id }) => read(api.GET(path, { params: { path: { evaluation_id } } })));
  return inTime(await Promise.all(runs));
}

const columnsOf = (runs: readonly Run[], shown: string) => [
  { head: 'case', cell: ({ caseId }: ComparedCase) => caseId },
  ...runs.map(({ evaluation_id: id, ended_at: at, models }, nth) => ({
    head: `${shortId(id)}${id === shown ? ', this one' : ''}${at === null ? '' : `, ${dateTime(at)}`}, ${models.join(', ')}`,
    cell: ({ outcomes }: ComparedCase) => {
      const outcome = outcomes[nth] ?? '';
      return outcome === '' ? <span class="quiet">not in it</span> : <Mark state={outcome} />;
    },
  })),
];

/** The latest runs of a golden set beside each other, case by case; those that differ come first. */
export function RunMatrix({ run, goldenSet }: { readonly run: Run; readonly goldenSet: string }) {
  const runs = useResource(`runs of ${goldenSet}`, () => readRuns(goldenSet));
  return (
    <Section title="Against other runs" note="the latest of the golden set, in the order of time; marked: what differs">
      <Loaded of={runs} what="runs">
        {(found) =>
          found.length < 2 ? (
            <Empty>There is no other run that has ended.</Empty>
          ) : (
            <Table
              caption="Cases by run"
              rows={comparedCases(run, found)}
              keyOf={({ caseId }) => caseId}
              columns={columnsOf(found, run.evaluation_id)}
              isMarked={({ differs }) => differs}
            />
          )
        }
      </Loaded>
    </Section>
  );
}
