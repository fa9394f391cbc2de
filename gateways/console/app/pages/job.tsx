import { useRef } from 'preact/hooks';
import { useRoute } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { stepText } from '../../../../schemas/contexts/jobs/step-name.ts';
import { api, read } from '../api/client.ts';
import { JobCommands } from '../parts/job-commands.tsx';
import { JobLink } from '../parts/job-link.tsx';
import { JobTimeline } from '../parts/job-timeline.tsx';
import { Json } from '../parts/json.tsx';
import { Chips, Fact, Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { useResource } from '../parts/use-resource.ts';
import { isGoing, timelineOf, tokensOf } from '../state/job-timeline.ts';
import { count, dateTime, shortId } from '../state/text.ts';

type Job = Schemas['Job'];
type Child = Schemas['JobSummary'];

/** Pause between two reads of a job that goes on, and of one that has ended, in ms. */
const GOING_MS = 1_000;
const ENDED_MS = 10_000;
/** Steps whose results are read, and children that are shown. */
const STEPS_MAX = 200;

interface JobStory {
  readonly job: Job;
  readonly tokens: Tokens;
  readonly children: readonly Child[];
  /** Time of the reading, ms since 1970. */
  readonly atMs: number;
}

/** Tokens of the answers of models, and the number of those answers. */
interface Tokens {
  readonly answers: number;
  readonly sum: number;
}

/** Resolves with the tokens of a job. Results may be large, so they are read again only when there are more of them. */
async function readTokens(job: Job, known: Tokens | undefined): Promise<Tokens> {
  const answers = job.steps.filter(({ kind, ended_at: at }) => kind === 'model' && at !== null).length;
  if (answers === (known?.answers ?? 0)) return known ?? { answers, sum: 0 };
  const params = { path: { job_id: job.job_id }, query: { limit: STEPS_MAX } };
  const { items } = await read(api.GET('/v1/jobs/{job_id}/steps', { params }));
  return { answers, sum: tokensOf(items) };
}

async function readJob(id: string, before: JobStory | null): Promise<JobStory> {
  const [job, children] = await Promise.all([
    read(api.GET('/v1/jobs/{job_id}', { params: { path: { job_id: id } } })),
    read(api.GET('/v1/jobs', { params: { query: { parent_id: id, limit: STEPS_MAX } } })),
  ]);
  const known = before?.job.job_id === id ? before.tokens : undefined;
  return { job, tokens: await readTokens(job, known), children: children.items, atMs: Date.now() };
}

const Facts = ({ story: { job, tokens } }: { readonly story: JobStory }) => (
  <dl class="facts">
    <Fact label="state">
      <Mark state={job.status} />
    </Fact>
    {job.simulation !== null && (
      <Fact label="simulated under">
        <span title={job.simulation.constitution_digest}>constitution {job.simulation.constitution_version}</span>
      </Fact>
    )}
    <Fact label="type">
      {job.type} {count(job.version)}
    </Fact>
    <Fact label="lane">{job.lane}</Fact>
    <Fact label="began">{job.created_at === null ? '' : dateTime(job.created_at)}</Fact>
    {job.ended_at !== null && <Fact label="ended">{dateTime(job.ended_at)}</Fact>}
    {job.next_run_at !== null && <Fact label="next run">{dateTime(job.next_run_at)}</Fact>}
    {job.deadline !== null && <Fact label="deadline">{dateTime(job.deadline)}</Fact>}
    <Fact label="runs">{count(job.generation)}</Fact>
    <Fact label="attempt">
      {count(job.attempt)} of {count(job.attempts_max)}
    </Fact>
    <Fact label="tokens">{count(tokens.sum)}</Fact>
    <Fact label="by">{job.principal}</Fact>
    {job.parent_id !== null && (
      <Fact label="child of">
        <JobLink id={job.parent_id} />
      </Fact>
    )}
    {job.tags.length > 0 && (
      <Fact label="tags">
        <Chips items={job.tags} />
      </Fact>
    )}
  </dl>
);

function Progress({ job: { progress } }: { readonly job: Job }) {
  if (progress === null) return null;
  const { percent, message } = progress;
  return (
    <p class="job-progress">
      {percent !== null && <progress value={percent} max={100} aria-label="Progress" />}{' '}
      <span>
        {percent !== null && `${Math.round(percent)} % `}
        {message}
      </span>
    </p>
  );
}

const childColumns = [
  {
    head: 'job',
    cell: ({ job_id: id }: Child) => <JobLink id={id} />,
  },
  { head: 'type', cell: ({ type }: Child) => type },
  { head: 'state', cell: ({ status }: Child) => <Mark state={status} /> },
  { head: 'runs', kind: 'number' as const, cell: ({ generation }: Child) => count(generation) },
];

type Difference = Schemas['SimulatedDecision'];

const differenceColumns = [
  { head: 'request', cell: ({ step, kind }: Difference) => (step === null ? kind : stepText(step)) },
  { head: 'decision', cell: ({ outcome }: Difference) => <Mark state={outcome} /> },
  { head: 'reason', cell: ({ reasons, detail }: Difference) => <span title={detail ?? ''}>{reasons[0] ?? ''}</span> },
  { head: 'record', cell: ({ recorded_outcome: had }: Difference) => had },
];

/** Decisions on a simulated job that differ from those on the job whose record answers. */
function Differences({ job: { simulation } }: { readonly job: Job }) {
  if (simulation === null) return null;
  const { decisions, differences } = simulation;
  return (
    <Section title="Decisions that differ" note={`${differences.length} of ${decisions}; nothing of this job happened`}>
      {differences.length === 0 ? (
        <Empty>Every decision is that of the record.</Empty>
      ) : (
        <Table
          caption="Decisions that differ"
          rows={differences}
          keyOf={(row) => row.decision_id}
          columns={differenceColumns}
        />
      )}
    </Section>
  );
}

function Story({ story, onChanged }: { readonly story: JobStory; readonly onChanged: () => void }) {
  const { job, children, atMs } = story;
  return (
    <>
      <Section
        title="Job"
        note={<code>{job.job_id}</code>}
        actions={<JobCommands job={job} noun="job" onDone={onChanged} />}
      >
        <Facts story={story} />
        <Progress job={job} />
        {job.code !== null && (
          <p class="note note-bad">
            <code class="code">{job.code}</code> {job.detail}
          </p>
        )}
      </Section>
      <Differences job={job} />
      <Section title="Timeline" note="a full bar runs, a hatched one waits">
        {job.steps.length === 0 ? (
          <Empty>No step has been recorded yet.</Empty>
        ) : (
          <JobTimeline timeline={timelineOf(job, atMs)} />
        )}
      </Section>
      {children.length > 0 && (
        <Section title="Children">
          <Table caption="Children" rows={children} keyOf={(row) => row.job_id} columns={childColumns} />
        </Section>
      )}
      <Section title="Input">
        <Json value={job.input_content ?? job.input} label="Input" />
      </Section>
      {job.status === 'completed' && (
        <Section title="Result">
          <Json value={job.result_content ?? job.result} label="Result" />
        </Section>
      )}
    </>
  );
}

/** A job: what it does now, its steps and waits on its time, its children, and the commands that it takes. */
export function JobPage() {
  const { params } = useRoute();
  const id = params['id'] ?? '';
  const latest = useRef<JobStory | null>(null);
  const story = useResource(`job ${id}`, () => readJob(id, latest.current), {
    everyMs: (data) => (data === null || isGoing(data.job) ? GOING_MS : ENDED_MS),
  });
  const { data, reload } = story;
  latest.current = data;
  return (
    <Page title={`Job ${shortId(id)}`} lead="Its steps, its waits and its runs, from the log.">
      <Loaded of={story} what="the job">
        {(found) => <Story story={found} onChanged={reload} />}
      </Loaded>
    </Page>
  );
}
