import { describe, expect, it } from 'vitest';
import {
  JOB_ATTEMPTS_MAX,
  JOB_DELAY_MS_MAX,
  JOB_DEPTH_MAX,
  JOB_PAYLOAD_BYTES_MAX,
  JOB_RETRY_DELAY_MS_MAX,
} from '../../schemas/contexts/jobs.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import {
  endChildJob,
  jobRefused,
  type StartChildJob,
  startChildJob,
  wakeJob,
} from '../../schemas/generated/records.ts';
import type { GovernedCommand } from '../../schemas/governed.ts';
import { scenarios } from '../kernel/testing.ts';
import { decisionOn, denied } from '../testing.ts';
import { jobs } from './jobs.ts';
import { accepted, aStart, aType, JOB, ran, START_MS, work } from './testing.ts';

const { given, when } = scenarios(jobs, { startMs: START_MS });

const refusedWith = (command: GovernedCommand, code: string, detail: string) => {
  const { decision } = decisionOn(command).data;
  return jobRefused({ jobId: JOB, principal: 'key-1', code, detail, decision, shortfall: null });
};

describe('the start of a job', () => {
  it('is accepted with the version, the queue and the retry of its type, and runs at once', () => {
    given(aType()).when(decisionOn(aStart())).then(accepted(), ran(1), work(1));
  });

  it('is refused with the decision of policy, and leaves no job', () => {
    const decision = decisionOn(aStart(), denied);
    const outcome = given(aType()).when(decision);
    outcome.then(jobRefused({ jobId: JOB, principal: 'key-1', ...refusalOf(decision.data) }));
    expect(outcome.state).toBeUndefined();
  });

  it('is refused for a type that no worker has registered', () => {
    when(decisionOn(aStart())).then(
      refusedWith(aStart(), 'JOB_TYPE_UNKNOWN', 'No worker has registered the type report.'),
    );
  });

  it('is refused for an input above 64 KiB', () => {
    const large = aStart({ input: `"${'x'.repeat(JOB_PAYLOAD_BYTES_MAX)}"` });
    given(aType())
      .when(decisionOn(large))
      .then(refusedWith(large, 'JOB_INPUT_TOO_LARGE', 'The input has 65538 bytes; 65536 are allowed.'));
  });

  it('is not repeated, whatever has become of the job', () => {
    given(aType(), accepted()).when(decisionOn(aStart())).then();
    given(aType(), decisionOn(aStart()), ran(1)).when(decisionOn(aStart())).then();
  });

  it('does not reveal the job of another tenant', () => {
    given(aType(), accepted({ tenantId: 'another' }))
      .when(decisionOn(aStart()))
      .then(refusedWith(aStart(), 'RESOURCE_UNKNOWN', 'No job of this id exists.'));
  });

  it('waits for its time, and runs then', () => {
    const runAt = START_MS + 60_000;
    const command = aStart({ runAt });
    const { decisionId } = decisionOn(command).data.decision;
    given(aType()).when(decisionOn(command)).then(accepted({ runAt, decisionId }));
    given(aType(), decisionOn(command)).after(59_999).then();
    given(aType(), decisionOn(command))
      .after(60_000)
      .then(wakeJob({ jobId: JOB, dueAt: runAt }), ran(1), work(1));
  });

  it('runs at once when its time has passed, and within ten years', () => {
    const late = given(aType()).when(decisionOn(aStart({ runAt: START_MS - 1 })));
    expect(late.records.map(({ type }) => type)).toEqual(['JobAccepted', 'JobRunStarted', 'RunJob']);
    expect(late.records[0]?.data).toMatchObject({ runAt: null });
    const never = given(aType()).when(decisionOn(aStart({ runAt: START_MS + 2 * JOB_DELAY_MS_MAX })));
    expect(never.records[0]?.data).toMatchObject({ runAt: START_MS + JOB_DELAY_MS_MAX });
  });

  it('takes the retry and the tags of the command, within their bounds', () => {
    const tags = Array.from({ length: 20 }, (_, n) => `tag-${n}`);
    const wild = { attemptsMax: 1e6, firstDelayMs: -1, delayMaxMs: 1e12 };
    const { records } = given(aType()).when(decisionOn(aStart({ retry: wild, tags })));
    expect(records[0]?.data).toMatchObject({
      retry: { attemptsMax: JOB_ATTEMPTS_MAX, firstDelayMs: 0, delayMaxMs: JOB_RETRY_DELAY_MS_MAX },
      tags: tags.slice(0, 16),
    });
  });

  it('pins the job to the latest version of its type', () => {
    const { records } = given(aType(), aType({ version: 3, queue: 'fast' })).when(decisionOn(aStart()));
    expect(records[2]?.data).toMatchObject({ version: 3, queue: 'fast' });
  });
});

describe('the start of a child', () => {
  const PARENT = '22222222-2222-4222-8222-222222222222';
  const aChild = (changes: Partial<StartChildJob> = {}) =>
    startChildJob({
      ...{ jobId: JOB, principal: 'key-1', capabilities: ['*'], credential: null, type: 'report', labels: ['mail'] },
      ...{
        input: '{"of":"may"}',
        parentId: PARENT,
        path: 'left',
        name: 'part',
        nth: 2,
        depth: 1,
        lane: 'standard',
        ...changes,
      },
    });
  const told = (code: string, detail: string) =>
    endChildJob({ jobId: PARENT, childId: JOB, outcome: 'failed', output: null, code, detail });

  it('is in the lane of its parent', () => {
    const [job] = given(aType()).when(decisionOn(aChild({ lane: 'batch' }))).records;
    expect(job?.data).toMatchObject({ jobId: JOB, lane: 'batch' });
  });

  it('is accepted with its parent and the labels of it', () => {
    const { decisionId } = decisionOn(aChild()).data.decision;
    given(aType())
      .when(decisionOn(aChild()))
      .then(accepted({ parentId: PARENT, depth: 1, labels: ['mail'], decisionId }), ran(1), work(1));
  });

  it('has the reserved labels of its session beside those of its parent', () => {
    const decided = decisionOn(aChild());
    const flow = [{ label: 'secret', source: 'output of web', origin: 'web-1' }];
    const [job] = given(aType()).when({ ...decided, data: { ...decided.data, flow } }).records;
    expect(job?.data).toMatchObject({ labels: ['mail', 'secret'] });
  });

  it('tells its parent when policy denies it', () => {
    const decision = decisionOn(aChild(), denied);
    const refusal = refusalOf(decision.data);
    given(aType())
      .when(decision)
      .then(jobRefused({ jobId: JOB, principal: 'key-1', ...refusal }), told(refusal.code, refusal.detail));
  });

  it('of a parent without an id is decided, and no parent receives its end', () => {
    const { records } = when(decisionOn(aChild({ parentId: '', depth: JOB_DEPTH_MAX + 1 })));
    expect(records.map(({ type }) => type)).toEqual(['JobRefused']);
  });

  it('tells its parent when it is too deep or of an unknown type', () => {
    const deep = aChild({ depth: JOB_DEPTH_MAX + 1 });
    const detail = '17 jobs would wait for each other; 16 are allowed.';
    given(aType())
      .when(decisionOn(deep))
      .then(refusedWith(deep, 'JOB_DEPTH', detail), told('JOB_DEPTH', detail));
    const { records } = when(decisionOn(aChild()));
    expect(records.map(({ type }) => type)).toEqual(['JobRefused', 'EndChildJob']);
  });
});
