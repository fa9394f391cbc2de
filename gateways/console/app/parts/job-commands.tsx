import type { Schemas } from '../../../../infra/client/api.ts';
import { api, write } from '../api/client.ts';
import { commandsOf, type JobCommand } from '../state/job-timeline.ts';
import { may } from '../state/session.ts';
import { Command } from './command.tsx';

const DOES: Readonly<Record<JobCommand, string>> = {
  ...{ cancel: 'Cancel', pause: 'Pause', resume: 'Resume', retry: 'Retry' },
};

/** Commands that need a reason. */
const ASKS: ReadonlySet<JobCommand> = new Set(['cancel', 'pause']);

/** Sends a command to a job. Rejects with ApiError. */
function send(id: string, command: JobCommand, reason: string): Promise<unknown> {
  const path = { job_id: id };
  switch (command) {
    case 'cancel':
      return write((header) => api.POST('/v1/jobs/{job_id}/cancel', { params: { path, header }, body: { reason } }));
    case 'pause':
      return write((header) =>
        api.POST('/v1/jobs/{job_id}/pause', { params: { path, header }, body: { reason, mode: 'finish_step' } }),
      );
    case 'resume':
      return write((header) => api.POST('/v1/jobs/{job_id}/resume', { params: { path, header }, body: {} }));
    case 'retry':
      return write((header) => api.POST('/v1/jobs/{job_id}/retry', { params: { path, header }, body: {} }));
  }
}

interface JobCommandsProps {
  readonly job: Pick<Schemas['Job'], 'job_id' | 'status'>;
  /** What the job is for people: `job` or `run`. */
  readonly noun: string;
  readonly onDone: () => void;
}

/** The commands that a job of this status takes from the caller. */
export const JobCommands = ({ job, noun, onDone }: JobCommandsProps) => (
  <>
    {commandsOf(job)
      .filter((command) => command === 'cancel' || command === 'pause' || may('jobs:control'))
      .map((command) => (
        <Command
          key={command}
          does={DOES[command]}
          isFinal={command === 'cancel'}
          {...(ASKS.has(command) && { asks: `${DOES[command]} the ${noun}` })}
          send={(reason) => send(job.job_id, command, reason)}
          onDone={onDone}
        />
      ))}
  </>
);
