import { useRoute } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read, write } from '../api/client.ts';
import { Command } from '../parts/command.tsx';
import { Gauges } from '../parts/gauges.tsx';
import { JobTimeline } from '../parts/job-timeline.tsx';
import { Chips, Fact, Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Program } from '../parts/program.tsx';
import { RunStep } from '../parts/run-step.tsx';
import { RunLink, RunTable } from '../parts/run-table.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { useResource } from '../parts/use-resource.ts';
import { useRunEvents } from '../parts/use-run-events.ts';
import { type CallApprovals, isRunGoing, limitGauges, runTimeline, usedBy } from '../state/agent-run.ts';
import { may } from '../state/session.ts';
import { amount, count, dateTime, shortId } from '../state/text.ts';

type Run = Schemas['AgentRun'];

/** Pause between two reads of a run that goes on, and of one that has ended, in ms. */
const GOING_MS = 1_000;
const ENDED_MS = 10_000;
/** Approvals and child runs that are looked through. */
const NEWEST_MAX = 200;

interface RunStory {
  readonly run: Run;
  readonly approvals: CallApprovals;
  readonly children: readonly Schemas['AgentRunSummary'][];
  /** Time of the reading, ms since 1970. */
  readonly atMs: number;
}

/** Resolves with the approvals of calls that the caller may see. */
async function readApprovals(): Promise<CallApprovals> {
  if (!may('approval:read')) return new Map();
  const { items } = await read(api.GET('/v1/approvals', { params: { query: { limit: NEWEST_MAX } } }));
  return new Map(items.map((approval) => [approval.approval_id, approval]));
}

async function readRun(id: string): Promise<RunStory> {
  const [run, approvals, children] = await Promise.all([
    read(api.GET('/v1/agents/runs/{run_id}', { params: { path: { run_id: id } } })),
    readApprovals(),
    read(api.GET('/v1/agents/runs', { params: { query: { parent_id: id, limit: NEWEST_MAX } } })),
  ]);
  return { run, approvals, children: children.items, atMs: Date.now() };
}

const cancel = (id: string, reason: string) =>
  write((header) =>
    api.POST('/v1/agents/runs/{run_id}/cancel', { params: { path: { run_id: id }, header }, body: { reason } }),
  );

const Facts = ({ run, cost }: { readonly run: Run; readonly cost: number }) => (
  <dl class="facts">
    <Fact label="state">
      <Mark state={run.status} />
    </Fact>
    <Fact label="agent">{run.agent ?? ''}</Fact>
    {run.program === null && <Fact label="model">{run.model ?? 'the default'}</Fact>}
    {run.created_at !== null && <Fact label="began">{dateTime(run.created_at)}</Fact>}
    {run.ended_at !== null && <Fact label="ended">{dateTime(run.ended_at)}</Fact>}
    {run.deadline !== null && <Fact label="deadline">{dateTime(run.deadline)}</Fact>}
    <Fact label="steps">{count(run.steps)}</Fact>
    <Fact label="cost">{amount(cost.toFixed(9))}</Fact>
    <Fact label="by">{run.principal}</Fact>
    {run.parent_id !== null && (
      <Fact label="child of">
        <RunLink id={run.parent_id} />
      </Fact>
    )}
    {run.tools.length > 0 && (
      <Fact label="tools">
        <Chips items={run.tools.map(({ name }) => name)} />
      </Fact>
    )}
    {run.labels.length > 0 && (
      <Fact label="labels">
        <Chips items={run.labels} tone="warn" />
      </Fact>
    )}
  </dl>
);

/** A text of a person or a model, as text. */
const Words = ({ title, text }: { readonly title: string; readonly text: string }) => (
  <>
    <h3>{title}</h3>
    <p class="run-text">{text}</p>
  </>
);

function Story({ story, onChanged }: { readonly story: RunStory; readonly onChanged: () => void }) {
  const { run, approvals, children, atMs } = story;
  const used = usedBy(run, atMs);
  const gauges = limitGauges(run, used);
  const mayCancel = isRunGoing(run) && may('agents:control');
  return (
    <>
      <Section
        title="Run"
        note={<code>{run.run_id}</code>}
        actions={
          mayCancel && (
            <Command
              does="Cancel"
              asks="Cancel the run"
              isFinal
              send={(reason) => cancel(run.run_id, reason)}
              onDone={onChanged}
            />
          )
        }
      >
        <Facts run={run} cost={used.cost} />
        {run.code !== null && (
          <p class="note note-bad">
            <code class="code">{run.code}</code> {run.detail}
          </p>
        )}
        {run.instructions !== null && run.instructions !== '' && <Words title="Instructions" text={run.instructions} />}
        {run.prompt !== null && <Words title="Prompt" text={run.prompt} />}
        {run.output !== null && <Words title="Result" text={run.output} />}
      </Section>
      <Program run={run} />
      {gauges.length > 0 && (
        <Section title="Limits" note="the run ends when one has nothing left">
          <Gauges items={gauges} />
        </Section>
      )}
      <Section title="Timeline" note="a full bar runs, a hatched one waits for people">
        {run.steps_taken.length === 0 ? (
          <Empty>No step has been recorded yet.</Empty>
        ) : (
          <JobTimeline timeline={runTimeline(run, approvals, atMs)} />
        )}
      </Section>
      {run.steps_taken.length > 0 && (
        <Section title="Steps">
          <ol class="turns">
            {run.steps_taken.map((step) => (
              <RunStep key={step.step} step={step} approvals={approvals} />
            ))}
          </ol>
        </Section>
      )}
      {children.length > 0 && (
        <Section title="Child runs" note="work that was handed off">
          <RunTable caption="Child runs" rows={children} />
        </Section>
      )}
    </>
  );
}

/** A run of an agent: its steps, calls, results, approvals and limits on its time, as they are recorded. */
export function AgentRunPage() {
  const { params } = useRoute();
  const id = params['id'] ?? '';
  const story = useResource(`run ${id}`, () => readRun(id), {
    everyMs: (data) => (data === null || isRunGoing(data.run) ? GOING_MS : ENDED_MS),
  });
  const { data, reload } = story;
  useRunEvents(id, data !== null && isRunGoing(data.run), reload);
  return (
    <Page title={`Run ${shortId(id)}`} lead="What the model asked for, what was allowed, and what came of it.">
      <Loaded of={story} what="the run">
        {(found) => <Story story={found} onChanged={reload} />}
      </Loaded>
    </Page>
  );
}
