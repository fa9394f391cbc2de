/** Limits of schedules, their vocabularies, and what governance has to know of their commands. */

import type { Credential, ScheduleSpec } from '../generated/records.ts';
import { type Description, type Descriptors, EXAMPLE_ID, EXAMPLE_TEXT, type Example } from '../governed-command.ts';
import type { RecordsIn, topics } from '../topics.ts';
import { furtherNeeds, startCapability, textIn } from './jobs.ts';

const SECOND_MS = 1_000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;

/** Shortest and longest interval, in ms. */
export const SCHEDULE_INTERVAL_MS_MIN = SECOND_MS;
export const SCHEDULE_INTERVAL_MS_MAX = 366 * DAY_MS;
/** Longest delay that is derived for a due time, in ms. */
export const SCHEDULE_JITTER_MS_MAX = DAY_MS;
/** Shortest window, in ms: a timer is never on time to the millisecond. */
export const SCHEDULE_CATCH_UP_MS_MIN = 10 * SECOND_MS;
export const SCHEDULE_CATCH_UP_MS_MAX = 366 * DAY_MS;
export const SCHEDULE_CATCH_UP_MS_DEFAULT = 60 * SECOND_MS;
/** Most due times that wait under `buffer_all`; a further one is skipped. */
export const SCHEDULE_BUFFER_MAX = 100;
/** Most due times of one backfill, and of all that wait of backfills. */
export const SCHEDULE_BACKFILL_MAX = 1_000;
/** Most jobs of a schedule that run at once: under `allow_all`, a further due time is skipped, and a backfill waits. */
export const SCHEDULE_RUNNING_MAX = 100;
/** Most due times that one timer handles; the next timer goes on. */
export const SCHEDULE_STEP_MAX = 20;
export const SCHEDULE_CRON_CHARS_MAX = 200;
export const SCHEDULE_NOTE_CHARS_MAX = 500;
export const SCHEDULE_RUNS_MAX = 1_000_000_000;

/** What happens to a run that comes due while a job of the schedule runs; an open vocabulary on the wire. */
export const scheduleOverlaps = ['skip', 'buffer_one', 'buffer_all', 'cancel_other', 'allow_all'] as const;
export type ScheduleOverlap = (typeof scheduleOverlaps)[number];
/** How the runs of a backfill are made; an open vocabulary on the wire. */
export const backfillOverlaps = ['buffer_all', 'allow_all'] as const;
export type BackfillOverlap = (typeof backfillOverlaps)[number];
/** Why a run was made; an open vocabulary on the wire. */
export type FireReason = 'due' | 'buffered' | 'backfill' | 'trigger';
/** Why a run was not made; an open vocabulary on the wire. */
export type SkipReason = 'overlap' | 'buffer_full' | 'catch_up' | 'paused';
/** Ends of jobs, as their schedule learns of them; an open vocabulary on the wire. */
export type ScheduledJobOutcome = 'completed' | 'failed' | 'cancelled' | 'refused' | 'ended';

/** The capability that defining a schedule of a type of jobs takes. Each run takes that of starting its job as well. */
export const defineCapability = (type: string): string => `schedules:define:${type}`;
/** The capability that changing a schedule takes: pause, resume, trigger, backfill, remove. */
export const CONTROL_SCHEDULES = 'schedules:control';

export const SCHEDULE_NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** Returns the id of a schedule in the log: names are those of a tenant. */
export const scheduleIdOf = (tenantId: string, name: string): string => `${tenantId}/${name}`;

/** Returns the name of a schedule. Never throws. */
export const scheduleName = (scheduleId: string): string => scheduleId.slice(scheduleId.indexOf('/') + 1);

interface ScheduleCommand {
  readonly scheduleId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
  readonly credential: Credential | null;
  readonly labels: readonly string[];
}

/** Nothing runs because of such a command itself: the start of each job is decided when it is due. */
const describe = (
  { principal, capabilities, credential, labels }: ScheduleCommand,
  { type, text }: { readonly type: string | null; readonly text: string | null },
): Description => ({
  ...{ principal, capabilities, credential, resourceId: type, delegates: false },
  needs: type === null ? CONTROL_SCHEDULES : defineCapability(type),
  ...{ session: credential?.sessionId ?? null, persona: null, text, textLimit: 'embedding_chars_max', labels },
  ...{ maxTokens: null, estimate: { unit: 'none' }, requestId: null },
});

const example = ({ capabilities, labels }: Example): ScheduleCommand => ({
  ...{ scheduleId: 'demo/nightly', principal: 'constitution-tests', capabilities, labels },
  credential: { sessionId: EXAMPLE_ID, issuedAt: 0 },
});

const exampleSpec = ({ text, resourceId }: Example): ScheduleSpec => ({
  job: {
    ...{ type: resourceId ?? 'example', input: JSON.stringify(text ?? EXAMPLE_TEXT), lane: 'standard' },
    ...{ concurrencyKey: null, retry: null, deadlineMs: null, tags: [] },
  },
  ...{ cron: '0 2 * * *', intervalMs: null, anchor: 0, timeZone: 'UTC', overlap: 'skip', jitterMs: 0 },
  ...{ catchUpMs: SCHEDULE_CATCH_UP_MS_DEFAULT, startsAt: null, endsAt: null, maxRuns: null, note: '' },
});

export const schedulesCommands: Descriptors<
  RecordsIn<typeof topics.schedulesCommands | typeof topics.schedulesRequests>
> = {
  DefineSchedule: {
    resource: 'Job',
    describe: (command) => describe(command, { type: command.spec.job.type, text: textIn(command.spec.job.input) }),
    example: (given) => ({ ...example(given), spec: exampleSpec(given), paused: false, expectedVersion: 0 }),
  },
  ResumeSchedule: {
    resource: 'Job',
    describe: (command) => describe(command, { type: null, text: null }),
    example,
  },
  TriggerSchedule: {
    resource: 'Job',
    describe: (command) => describe(command, { type: null, text: null }),
    example,
  },
  BackfillSchedule: {
    resource: 'Job',
    describe: (command) => describe(command, { type: null, text: null }),
    example: (given) => ({ ...example(given), from: 0, until: 1, overlap: 'buffer_all' }),
  },
  StartScheduledJob: {
    resource: 'Job',
    describe: (command) => ({
      ...describe(command, { type: command.type, text: textIn(command.input) }),
      ...{ needs: startCapability(command.type), estimate: { unit: 'calls', callsMax: 1 }, requestId: command.jobId },
      alsoNeeds: furtherNeeds(command.type, command.lane),
    }),
    example: (given) => {
      const { deadlineMs: _, ...job } = exampleSpec(given).job;
      return { ...example(given), ...job, jobId: EXAMPLE_ID, deadline: null, dueAt: 0 };
    },
  },
};
