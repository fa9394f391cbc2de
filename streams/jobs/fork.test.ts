import { describe, expect, it } from 'vitest';
import {
  entriesOfFork,
  forkBytesOf,
  JOB_FORK_BYTES_MAX,
  JOB_FORK_ENTRIES_MAX,
  JOB_PAYLOAD_BYTES_MAX,
} from '../../schemas/contexts/jobs.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import {
  type ForkJob,
  forkJob,
  type JobEntry,
  jobRefused,
  keepJobEntry,
  sendJobEntries,
} from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import { decisionOn, denied } from '../testing.ts';
import { jobs } from './jobs.ts';
import { CHUNK_ENTRIES_MAX } from './journal.ts';
import { accepted, anEntry, aType, completedStep, endOf, JOB, ran, START_MS, stepOf, work } from './testing.ts';

const { given, when } = scenarios(jobs, { startMs: START_MS });

const forkedFrom = { jobId: '99999999-9999-4999-8999-999999999999', path: '', name: 'send', nth: 1 };
const aFork = (changes: Partial<ForkJob> = {}) =>
  forkJob({
    ...{ jobId: JOB, principal: 'key-1', capabilities: ['*'], credential: null, type: 'report', input: '{"of":"may"}' },
    ...{
      lane: 'standard',
      concurrencyKey: null,
      tags: [],
      labels: [],
      forkedFrom,
      entries: [],
      simulation: null,
      recorded: [],
    },
    ...changes,
  });
const decidedOn = (command: ReturnType<typeof aFork>) => decisionOn(command).data.decision;
const kept = (entry: JobEntry, chunk = 0) => keepJobEntry({ chunkId: `${JOB}/${chunk}`, jobId: JOB, entry });

describe('the fork of a job', () => {
  it('has the recorded results in its journal before its first run, which comes after all of them', () => {
    const load = anEntry('load', { generation: 3 });
    const nap = anEntry('nap', { kind: 'sleep', generation: 5, output: null });
    const [first, second] = [
      { ...load, generation: -1 },
      { ...nap, generation: 0 },
    ];
    const fork = aFork({ entries: [load, nap] });
    const { decisionId } = decidedOn(fork);
    given(aType())
      .when(decisionOn(fork))
      .then(
        accepted({ forkedFrom, decisionId }),
        kept(first),
        completedStep(0, first, 1),
        kept(second),
        completedStep(0, second, 0),
        ran(1),
        sendJobEntries({ chunkId: `${JOB}/0`, jobId: JOB, generation: 1, page: 0 }),
        work(1, { pages: 1 }),
      );
  });

  it('from the beginning takes nothing', () => {
    const beginning = { ...forkedFrom, name: '', nth: 0 };
    const fork = aFork({ forkedFrom: beginning });
    const { decisionId } = decidedOn(fork);
    given(aType())
      .when(decisionOn(fork))
      .then(accepted({ forkedFrom: beginning, decisionId }), ran(1), work(1));
  });

  it('runs with the version that is registered now', () => {
    const { records } = given(aType({ version: 7, queue: 'new' })).when(decisionOn(aFork()));
    expect(records.at(-1)?.data).toMatchObject({ version: 7, queue: 'new' });
  });

  it('goes on as any job: its own steps come behind those that it took', () => {
    const fork = decisionOn(aFork({ entries: [anEntry('load')] }));
    const send = anEntry('send');
    given(aType(), fork)
      .when(stepOf(1, send))
      .then(kept(send), completedStep(1, send, 1));
    const { records } = given(aType(), fork, stepOf(1, send)).when(endOf(1, 'completed', { output: '1' }));
    expect(records.map(({ type }) => type)).toEqual(['JobCompleted', 'DropJobEntries']);
  });

  it('of many results has a journal of several parts', () => {
    const entries = Array.from({ length: CHUNK_ENTRIES_MAX + 1 }, (_, n) => anEntry('load', { nth: n + 1 }));
    const { records } = given(aType()).when(decisionOn(aFork({ entries })));
    const parts = records.flatMap((record) => (record.type === 'KeepJobEntry' ? [record.data.chunkId] : []));
    expect(new Set(parts)).toEqual(new Set([`${JOB}/0`, `${JOB}/1`]));
    expect(records.at(-1)?.data).toMatchObject({ pages: 2 });
  });

  it('is refused with the decision of policy', () => {
    const decision = decisionOn(aFork(), denied);
    given(aType())
      .when(decision)
      .then(jobRefused({ jobId: JOB, principal: 'key-1', ...refusalOf(decision.data) }));
  });

  it('is refused for a type that no worker has registered', () => {
    expect(when(decisionOn(aFork())).records[0]?.data).toMatchObject({ code: 'JOB_TYPE_UNKNOWN' });
  });

  it('is not repeated', () => {
    given(aType(), decisionOn(aFork({ entries: [anEntry('load')] })))
      .when(decisionOn(aFork({ entries: [anEntry('load')] })))
      .then();
  });

  it('is refused above 1,000 results or 512 KiB', () => {
    const codesOf = (entries: readonly JobEntry[]) =>
      given(aType())
        .when(decisionOn(aFork({ entries: [...entries] })))
        .records.flatMap((record) => (record.type === 'JobRefused' ? [record.data.code] : []));
    const many = Array.from({ length: JOB_FORK_ENTRIES_MAX + 1 }, (_, n) => anEntry('load', { nth: n + 1 }));
    expect(codesOf(many)).toEqual(['JOB_FORK_TOO_LARGE']);
    expect(codesOf(many.slice(1))).toEqual([]);
    const large = anEntry('load', { output: `"${'x'.repeat(JOB_PAYLOAD_BYTES_MAX - 2)}"` });
    const count = Math.ceil(JOB_FORK_BYTES_MAX / forkBytesOf(large));
    expect(codesOf(Array.from({ length: count }, (_, n) => ({ ...large, nth: n + 1 })))).toEqual([
      'JOB_FORK_TOO_LARGE',
    ]);
  });
});

describe('the runs of the entries of a fork', () => {
  it('end with 0, in their order', () => {
    const runs = [3, 9, 3, -4, 9].map((generation) => anEntry('load', { generation }));
    expect(entriesOfFork(runs).map(({ generation }) => generation)).toEqual([-1, 0, -1, -2, 0]);
    expect(entriesOfFork([])).toEqual([]);
  });
});
