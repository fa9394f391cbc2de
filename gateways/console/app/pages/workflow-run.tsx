import { useRoute } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { Gauges } from '../parts/gauges.tsx';
import { JobCommands } from '../parts/job-commands.tsx';
import { JobLink } from '../parts/job-link.tsx';
import { Json } from '../parts/json.tsx';
import { Fact, Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { TaskDefinition } from '../parts/task-definition.tsx';
import { useResource } from '../parts/use-resource.ts';
import { WorkflowGraph } from '../parts/workflow-graph.tsx';
import { WorkflowReviews } from '../parts/workflow-reviews.tsx';
import { isGoing } from '../state/job-timeline.ts';
import { may, principal } from '../state/session.ts';
import { count, dateTime, duration, shortId } from '../state/text.ts';
import {
  budgetGauges,
  firstTask,
  notReviewable,
  openReviews,
  partAt,
  runCards,
  stateOf,
  tookMs,
  usedText,
} from '../state/workflow-run.ts';

type Run = Schemas['WorkflowRun'];

/** Pause between two reads of a run that goes on, and of one that has ended, in ms. */
const GOING_MS = 1_000;
const ENDED_MS = 10_000;

interface RunStory {
  readonly run: Run;
  readonly job: Schemas['Job'];
  /** Time of the reading, ms since 1970. */
  readonly atMs: number;
}

async function readRun(id: string): Promise<RunStory> {
  const [run, job] = await Promise.all([
    read(api.GET('/v1/runs/{workflow_run_id}', { params: { path: { workflow_run_id: id } } })),
    read(api.GET('/v1/jobs/{job_id}', { params: { path: { job_id: id } } })),
  ]);
  return { run, job, atMs: Date.now() };
}

/** Budget of a whole run: that of its start, or else that of its document. */
const budgetOf = ({ run, job }: RunStory): Schemas['WorkflowBudget'] | null =>
  ((partAt(job.input, '/budget') ?? partAt(run.document, '/document/metadata/budget')) as
    | Schemas['WorkflowBudget']
    | undefined) ?? null;

const Facts = ({ story: { run, job } }: { readonly story: RunStory }) => (
  <dl class="facts">
    <Fact label="state">
      <Mark state={run.status} />
    </Fact>
    {run.template !== null && (
      <Fact label="template">
        <a href={`/console/workflows/templates/${encodeURIComponent(run.template)}`}>{run.template}</a>
      </Fact>
    )}
    {run.created_at !== null && <Fact label="began">{dateTime(run.created_at)}</Fact>}
    {run.ended_at !== null && <Fact label="ended">{dateTime(run.ended_at)}</Fact>}
    <Fact label="used">{usedText(run.used) || 'nothing yet'}</Fact>
    <Fact label="by">{job.principal}</Fact>
    <Fact label="job">
      <JobLink id={run.run_id} />
    </Fact>
  </dl>
);

/** What is known of one task: its use, its budget, and its definition. */
function Task({ story: { run, atMs }, at }: { readonly story: RunStory; readonly at: string }) {
  const node = run.nodes.find((each) => each.at === at);
  if (node === undefined) return <Empty>Press a task to see its use, its budget and its definition.</Empty>;
  const ms = tookMs(node, atMs);
  const gauges = budgetGauges(node.budget, node.used);
  const state = stateOf(node, run.nodes);
  return (
    <>
      <h3 class="task-part">{node.name}</h3>
      <dl class="facts">
        <Fact label="state">{state === '' ? 'no step is known' : <Mark state={state} />}</Fact>
        <Fact label="kind">{node.kind}</Fact>
        <Fact label="steps">
          {count(node.completed)} of {count(node.steps)}
        </Fact>
        <Fact label="attempts">{count(node.attempts)}</Fact>
        {ms !== null && <Fact label="took">{duration(ms)}</Fact>}
        <Fact label="used">{usedText(node.used) || 'nothing'}</Fact>
      </dl>
      {node.code !== null && (
        <p class="note note-bad">
          <code class="code">{node.code}</code>
        </p>
      )}
      {gauges.length > 0 && (
        <>
          <h3 class="task-part">Budget</h3>
          <Gauges items={gauges} />
        </>
      )}
      <TaskDefinition document={run.document} at={node.at} />
    </>
  );
}

function Story({ story, onChanged }: { readonly story: RunStory; readonly onChanged: () => void }) {
  const { run, job, atMs } = story;
  const gauges = budgetGauges(budgetOf(story), run.used);
  return (
    <>
      <Section
        title="Run"
        note={<code>{run.run_id}</code>}
        actions={<JobCommands job={job} noun="run" onDone={onChanged} />}
      >
        <Facts story={story} />
        {job.code !== null && (
          <p class="note note-bad">
            <code class="code">{job.code}</code> {job.detail}
          </p>
        )}
        {gauges.length > 0 && <Gauges items={gauges} />}
      </Section>
      <Section title="Tasks" note="a dashed one has not begun; a group holds what runs in it">
        <WorkflowGraph label="Graph of the run" cards={runCards(run, atMs)} edges={run.edges} first={firstTask(run)}>
          {(at) => (
            <>
              <WorkflowReviews
                runId={run.run_id}
                reviews={openReviews(run)}
                refusal={notReviewable(job.principal, { principal: principal(), may })}
                onDone={onChanged}
              />
              <Task story={story} at={at} />
            </>
          )}
        </WorkflowGraph>
      </Section>
      {job.status === 'completed' && (
        <Section title="Result">
          <Json value={job.result_content ?? job.result} label="Result" />
        </Section>
      )}
    </>
  );
}

/** A run of a workflow as a graph of its tasks, with states, budgets, costs and the reviews that it waits for. */
export function WorkflowRunPage() {
  const { params } = useRoute();
  const id = params['id'] ?? '';
  const story = useResource(`workflow run ${id}`, () => readRun(id), {
    everyMs: (data) => (data === null || isGoing(data.run) ? GOING_MS : ENDED_MS),
  });
  return (
    <Page title={`Run ${shortId(id)}`} lead="Its tasks, what each has used, and what waits for people.">
      <Loaded of={story} what="the run">
        {(found) => <Story story={found} onChanged={story.reload} />}
      </Loaded>
    </Page>
  );
}
