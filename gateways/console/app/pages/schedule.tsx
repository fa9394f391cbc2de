import { useRoute } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read, write } from '../api/client.ts';
import { Command } from '../parts/command.tsx';
import { JobLink } from '../parts/job-link.tsx';
import { Json } from '../parts/json.tsx';
import { Fact, Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { useResource } from '../parts/use-resource.ts';
import { type ScheduleCommand, scheduleCommandsOf, whenText } from '../state/schedules.ts';
import { may } from '../state/session.ts';
import { count, dateTime, duration } from '../state/text.ts';

type Schedule = Schemas['Schedule'];
type Run = Schemas['ScheduleRun'];

const EVERY_MS = 2_000;

/** Sends a command to a schedule. Rejects with ApiError. */
function send(id: string, command: ScheduleCommand, reason: string): Promise<unknown> {
  const path = { schedule_id: id };
  switch (command) {
    case 'pause':
      return write((header) =>
        api.POST('/v1/schedules/{schedule_id}/pause', { params: { path, header }, body: { reason } }),
      );
    case 'resume':
      return write((header) => api.POST('/v1/schedules/{schedule_id}/resume', { params: { path, header }, body: {} }));
    case 'trigger':
      return write((header) => api.POST('/v1/schedules/{schedule_id}/trigger', { params: { path, header }, body: {} }));
  }
}

const DOES: Readonly<Record<ScheduleCommand, string>> = { pause: 'Pause', resume: 'Resume', trigger: 'Run now' };

const runColumns = [
  { head: 'due', cell: ({ due_at: at }: Run) => (at === null ? '' : dateTime(at)) },
  { head: 'state', cell: ({ status }: Run) => <Mark state={status} /> },
  { head: 'because', cell: ({ reason }: Run) => reason ?? '' },
  {
    head: 'job',
    cell: ({ job_id: id }: Run) => (id === null ? '' : <JobLink id={id} />),
  },
  { head: 'reason', cell: ({ code }: Run) => code ?? '' },
  { head: 'ended', cell: ({ ended_at: at }: Run) => (at === null ? '' : dateTime(at)) },
];

const Facts = ({ schedule }: { readonly schedule: Schedule }) => (
  <dl class="facts">
    <Fact label="state">
      <Mark state={schedule.status} />
    </Fact>
    <Fact label="when">{whenText(schedule)}</Fact>
    <Fact label="type">{schedule.job.type}</Fact>
    <Fact label="beside a running job">{schedule.overlap}</Fact>
    <Fact label="late runs are made for">{duration(schedule.catch_up_ms)}</Fact>
    {schedule.jitter_ms > 0 && <Fact label="delay up to">{duration(schedule.jitter_ms)}</Fact>}
    <Fact label="waiting">{count(schedule.waiting)}</Fact>
    <Fact label="by">{schedule.principal}</Fact>
    <Fact label="definition">{count(schedule.version)}</Fact>
  </dl>
);

function Story({ schedule, onChanged }: { readonly schedule: Schedule; readonly onChanged: () => void }) {
  const { schedule_id: id, pause, note, next_due_times: times, runs } = schedule;
  const commands = may('schedules:control') ? scheduleCommandsOf(schedule) : [];
  return (
    <>
      <Section
        title="Schedule"
        note={note}
        actions={commands.map((command) => (
          <Command
            key={command}
            does={DOES[command]}
            {...(command === 'pause' && { asks: 'Pause the schedule' })}
            send={(reason) => send(id, command, reason)}
            onDone={onChanged}
          />
        ))}
      >
        <Facts schedule={schedule} />
        {pause !== null && (
          <p class="note">
            Paused by {pause.paused_by}: {pause.reason}
          </p>
        )}
      </Section>
      <Section title="Next due times">
        {times.length === 0 ? (
          <Empty>None.</Empty>
        ) : (
          <ol class="due-times">
            {times.map((at) => (
              <li key={at}>{dateTime(at)}</li>
            ))}
          </ol>
        )}
      </Section>
      <Section title="Latest runs">
        {runs.length === 0 ? (
          <Empty>No run yet.</Empty>
        ) : (
          <Table caption="Latest runs" rows={runs} keyOf={(row) => row.run_id} columns={runColumns} />
        )}
      </Section>
      <Section title="Input of its jobs">
        <Json value={schedule.job.input} label="Input of its jobs" />
      </Section>
    </>
  );
}

/** A schedule: when it is due, what became of its latest runs, and the commands that it takes. */
export function SchedulePage() {
  const { params } = useRoute();
  const id = params['id'] ?? '';
  const path = { schedule_id: id };
  const schedule = useResource(
    `schedule ${id}`,
    () => read(api.GET('/v1/schedules/{schedule_id}', { params: { path } })),
    { everyMs: EVERY_MS },
  );
  return (
    <Page title={id} lead="A schedule starts a job at each of its times, unless its policy says otherwise.">
      <Loaded of={schedule} what="the schedule">
        {(found) => <Story schedule={found} onChanged={schedule.reload} />}
      </Loaded>
    </Page>
  );
}
