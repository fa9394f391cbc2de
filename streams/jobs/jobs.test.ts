import { describe, expect, it } from 'vitest';
import { JOB_DEPTH_MAX } from '../../schemas/contexts/jobs.ts';
import { cancelJob, endJobRun, recordJobStep, recordJobWait, slmCompleted } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { agents } from '../agents/agents.ts';
import { createDriver, type Driver, type StandIn } from '../kernel/driver.ts';
import { type AnyRecord, apart, type TopologyLayout, topology, worker } from '../kernel.ts';
import { policy } from '../policy/policy.ts';
import { activated, engineWith, options, published } from '../policy/testing.ts';
import { slm } from '../slm/slm.ts';
import { anInference, decisionOn } from '../testing.ts';
import { jobJournal } from './job-journal.ts';
import { jobs } from './jobs.ts';
import { anEntry, aStart, aType, aWait, JOB } from './testing.ts';

const runner = worker({
  name: 'job-runner',
  inputs: [topics.jobsWork],
  outputs: [topics.jobsReports],
  key: ({ data }) => data.jobId,
  concurrencyMax: 1,
  attemptsMax: 1,
  deadlineMs: 1,
});

/**
 * A worker whose handler runs a step, then waits for what its input names: a child, whose input is the rest of it, or a
 * model; it completes in its second run.
 */
const handler: StandIn = {
  worker: runner,
  respond(record) {
    if (record.type !== 'RunJob') return [];
    const { jobId, generation, input } = record.data;
    const run = { jobId, generation };
    const end = { output: '"done"', code: null, detail: null, retryable: true };
    if (generation > 1 || input === 'end') return [endJobRun({ ...run, outcome: 'completed', ...end })];
    const [first, ...rest] = input.split(' ');
    const wait =
      first === 'child'
        ? aWait('child', { childType: 'report', request: rest.join(' ') })
        : aWait('model', { request: JSON.stringify({ prompt: first }) });
    return [
      recordJobStep({ ...run, entry: anEntry('first') }),
      recordJobWait({ ...run, wait }),
      endJobRun({ ...run, outcome: 'waiting', ...end, output: null }),
    ];
  },
};

const model: StandIn = {
  worker: slm,
  respond(record) {
    if (record.type !== 'SlmRequested' || record.data.messages[0]?.content === 'mute') return [];
    const { subjectId, origin, requestId } = record.data;
    const answer = {
      attempt: 1,
      text: 'knots',
      modelId: 'm',
      finishReason: 'stop',
      toolCalls: [],
      latencyMs: 1,
      cost: null,
    } as const;
    return [
      slmCompleted({
        moderation: null,
        subjectId,
        origin,
        requestId,
        ...answer,
        tokensConsumed: { prompt: 1, completion: 1 },
      }),
    ];
  },
};

function platform(layout: TopologyLayout = 'chained'): Driver {
  const members = [policy(engineWith(), options), jobs, jobJournal, agents(() => [])];
  const core = topology({ name: 'core', members, redrives: topics.coreRedrive });
  const topologies = layout === 'chained' ? [core] : apart(core);
  const driver = createDriver({ topologies, standIns: [handler, model] });
  for (const record of [published('1'), activated('1'), aType()]) driver.append(record);
  driver.run();
  return driver;
}

const typesIn = (driver: Driver, topic: string) => driver.records(topic).map(({ record }) => record.type);

describe('a governed job', () => {
  it('runs from the command to its result, in the chain and the place of the command', () => {
    const driver = platform();
    const { meta } = driver.append(aStart({ input: 'knots?' }));
    driver.run();
    const chain = driver.records().filter((logged) => logged.meta.correlationId === meta.id);
    expect(chain.map(({ record }) => record.type)).toEqual([
      ...['StartJob', 'PolicyDecided', 'JobAccepted', 'JobRunStarted', 'RunJob'],
      ...['RecordJobStep', 'RecordJobWait', 'EndJobRun'],
      ...['KeepJobEntry', 'JobStepCompleted', 'JobEntryKept'],
      ...['JobWaiting', 'AskJobModel', 'PolicyDecided', 'SlmRequested', 'SlmCompleted', 'JobRunEnded'],
      ...['KeepJobEntry', 'JobStepCompleted', 'JobRunStarted', 'SendJobEntries', 'RunJob', 'JobEntryKept'],
      ...['LoadJobEntries', 'EndJobRun', 'JobCompleted', 'DropJobEntries', 'JobEntriesDropped'],
    ]);
    expect(new Set(chain.map((logged) => logged.meta.place))).toEqual(new Set([meta.place]));
    expect(driver.deadLetters).toEqual([]);
    expect(driver.state('jobs', JOB)).toEqual({ status: 'closed', tenantId: 'demo' });
    expect(driver.state('job-journal', `${JOB}/0`)).toBeUndefined();
  });

  it('writes no piece of an answer to the conversation: its request belongs to no turn', () => {
    const driver = platform();
    driver.append(aStart({ input: 'knots?' }));
    driver.run();
    const requests = driver.records('slm.requests').map(({ record }) => record.data);
    expect(requests).toMatchObject([{ sessionId: null, turnId: null, turnSequence: null }]);
  });

  it('is refused by the constitution, as its request to a model is', () => {
    const refused = platform();
    refused.append(aStart({ input: 'gold' }));
    refused.run();
    expect(typesIn(refused, 'jobs.events')).toEqual(['JobRefused']);
    const driver = platform();
    // Longer than a prompt may be, and shorter than an input.
    driver.append(aStart({ input: 'x'.repeat(150) }));
    driver.run();
    expect(typesIn(driver, 'slm.requests')).toEqual([]);
    const failed = driver
      .records('jobs.events')
      .find(({ record }) => record.type === 'JobStepCompleted' && record.data.kind === 'model');
    expect(failed?.record.data).toMatchObject({ outcome: 'failed', code: 'POLICY_DENIED' });
    expect(typesIn(driver, 'jobs.events').at(-1)).toBe('JobCompleted');
  });

  it('has its children in its place, and their results', () => {
    for (const layout of ['chained', 'apart'] as const) {
      const driver = platform(layout);
      const { meta } = driver.append(aStart({ input: 'child child end' }));
      driver.run();
      const ends = driver.records('jobs.events').filter(({ record }) => record.type === 'JobCompleted');
      expect(ends).toHaveLength(3);
      expect(new Set(ends.map((end) => end.meta.place))).toEqual(new Set([meta.place]));
      expect(driver.deadLetters).toEqual([]);
    }
  });

  it('ends all its children, as deep as they may be, in one step, with their journals', () => {
    const driver = platform();
    // The deepest asks a model that never answers.
    driver.append(aStart({ input: `${'child '.repeat(JOB_DEPTH_MAX)}mute` }));
    driver.run();
    const count = (wanted: string) => driver.records().filter(({ record }) => record.type === wanted).length;
    expect(count('JobAccepted')).toBe(JOB_DEPTH_MAX + 1);
    driver.append(cancelJob({ jobId: JOB, principal: 'ana', reason: 'too many' }));
    driver.step();
    expect(driver.deadLetters).toEqual([]);
    expect([count('JobCancelled'), count('JobEntriesDropped')]).toEqual([JOB_DEPTH_MAX + 1, JOB_DEPTH_MAX + 1]);
    expect(count('CancelSlmRequest')).toBe(1);
  });

  it('has no children that are deeper, in a cycle as well', () => {
    const driver = platform();
    driver.append(aStart({ input: `${'child '.repeat(JOB_DEPTH_MAX + 1)}mute` }));
    driver.run();
    const refusals = driver.records('jobs.events').filter(({ record }) => record.type === 'JobRefused');
    expect(refusals.map(({ record }) => record.data)).toMatchObject([{ code: 'JOB_DEPTH' }]);
    expect(typesIn(driver, 'jobs.events').at(-1)).toBe('JobCompleted');
  });

  it('leaves decisions on other commands alone', () => {
    expect(jobs.key(decisionOn(anInference()) as AnyRecord, {} as never)).toBeNull();
  });
});
