import * as make from '../../schemas/generated/records.ts';

export const decision: make.DecisionSummary = {
  decisionId: '7b0c7a63-0b4b-4f0e-9d58-0f8d1c2f2f11',
  outcome: 'allow',
  score: 0.9,
  threshold: 0.5,
  reasons: ['SCORE_PASSED'],
  clauses: ['c1'],
  constitutionVersion: '1.0.0',
  constitutionDigest: 'ab'.repeat(32),
};

export const sessionStarted = (sessionId: string, more: Partial<make.SessionStarted> = {}) =>
  make.sessionStarted({
    sessionId,
    principal: 'key-1',
    persona: 'guide',
    capabilities: ['slm:invoke:*'],
    model: null,
    metadata: { teamName: 'red', 'Weird "Key"': '\\u0000 {a,b} NULL' },
    turnId: null,
    requestDigest: 'cd'.repeat(32),
    decision,
    ...more,
  });

export const sessionRefused = (sessionId: string) =>
  make.sessionRefused({
    sessionId,
    principal: 'key-1',
    code: 'POLICY_DENIED',
    detail: 'no',
    requestDigest: 'cd'.repeat(32),
    decision: { ...decision, outcome: 'deny' },
    shortfall: null,
  });

/** Returns a conversation: opened, then per turn: started, `deltas` deltas, completed. Sequences are dense from 1. */
export function conversation(sessionId: string, turns: number, deltas: number): make.AnyRecord[] {
  let sequence = 0;
  const next = () => {
    sequence += 1;
    return sequence;
  };
  const opened = make.conversationOpened({
    sessionId,
    sequence: next(),
    persona: 'guide',
    model: null,
    principal: 'key-1',
    decisionId: decision.decisionId,
  });
  const list: make.AnyRecord[] = [opened];
  for (let turn = 1; turn <= turns; turn += 1) {
    const turnId = `${sessionId}-turn-${turn}`;
    list.push(
      make.turnStarted({
        recalled: null,
        sessionId,
        turnId,
        sequence: next(),
        prompt: `prompt ${turn}`,
        model: null,
        deadline: null,
        budget: null,
      }),
    );
    const turnSequence = sequence;
    let text = '';
    for (let index = 0; index < deltas; index += 1) {
      const piece = `p${index} `;
      list.push(make.turnDelta({ sessionId, turnId, turnSequence, attempt: 1, start: text.length, text: piece }));
      text += piece;
    }
    list.push(
      make.turnCompleted({
        moderation: null,
        recalled: null,
        sessionId,
        turnId,
        sequence: next(),
        attempt: 1,
        text,
        modelId: 'deterministic',
        finishReason: 'stop',
        tokensConsumed: { prompt: 3, completion: deltas },
        latencyMs: 12,
        cost: null,
        toolCalls: [],
      }),
    );
  }
  return list;
}

export const metered = (sessionId: string, more: Partial<make.SlmMetered> = {}) =>
  make.slmMetered({
    subjectId: sessionId,
    origin: 'conversation',
    requestId: `${sessionId}-turn-1`,
    tenantId: 'acme',
    sessionId,
    turnId: `${sessionId}-turn-1`,
    provider: 'deterministic',
    modelId: 'deterministic',
    outcome: 'completed',
    tokensConsumed: { prompt: 3, completion: 5 },
    latencyMs: 12,
    timeToFirstTokenMs: 4,
    cost: '0.000001600',
    deltas: null,
    currency: 'USD',
    ...more,
  });

/** Returns the budget records of a request: its reservation, its end, and its use in the ledger. */
export const budgeted = (requestId: string): readonly make.AnyRecord[] => {
  const request = { place: 'demo/0', requestId };
  const end = {
    outcome: 'used',
    tokens: 40,
    cost: '0.000008000',
    tokensReleased: 300,
    costReleased: '0.000060000',
  } as const;
  return [
    make.budgetReserved({
      prepaid: false,
      ...request,
      decisionId: 'd',
      tokens: 300,
      cost: '0.000060000',
      expiresAt: 1_800_000_000_000,
    }),
    make.budgetSettled({ costDrawn: null, ...request, ...end, tokensReserved: 300, costReserved: '0.000060000' }),
    make.leaseSettled({ costDrawn: null, ...request, ...end, tenantId: 'demo', day: '2026-01-02' }),
  ];
};

export const jobAccepted = (jobId: string, more: Partial<make.JobAccepted> = {}) =>
  make.jobAccepted({
    ...{ jobId, tenantId: 'acme', principal: 'key-1', capabilities: ['jobs:start:*'], credential: null },
    ...{ type: 'adding', version: 1, queue: 'default', input: '{"numbers":[1,2]}', runAt: null, deadline: null },
    ...{ lane: 'standard', concurrencyKey: null, tags: ['sums'], labels: [], parentId: null, depth: 0 },
    ...{ scheduleId: null, dueAt: null },
    retry: { attemptsMax: 3, firstDelayMs: 1_000, delayMaxMs: 60_000 },
    ...{ forkedFrom: null, decisionId: decision.decisionId, acceptedAt: 1_767_323_045_678, admission: null },
    simulation: null,
    ...more,
  });

/** Returns the records of a job of two runs: a step that fails once, a sleep, and its result. */
export function jobLife(jobId: string): readonly make.AnyRecord[] {
  const at = 1_767_323_045_678;
  const add = { path: '', name: 'add', nth: 1 };
  const pause = { path: '', name: 'pause', nth: 1 };
  const done = { outcome: 'completed', code: null, detail: null, startedAt: at, endedAt: at + 10 } as const;
  const kept = (entry: make.JobEntry) => make.jobEntryKept({ chunkId: `${jobId}/0`, jobId, entry });
  const failed = { code: 'BUSY', detail: 'try again' };
  return [
    jobAccepted(jobId),
    make.jobRunStarted({ jobId, generation: 1, attempt: 1, reason: 'start' }),
    make.jobProgressed({ jobId, generation: 1, percent: 50, message: 'half of it' }),
    make.jobStepAttempted({ jobId, generation: 1, ...add, ...failed, attempts: 1 }),
    kept({ ...add, kind: 'step', ...done, outcome: 'attempted', ...failed, output: null, generation: 1, attempts: 1 }),
    make.jobStepCompleted({
      jobId,
      generation: 1,
      ...add,
      kind: 'step',
      ...done,
      attempts: 2,
      outputBytes: 1,
      labels: [],
    }),
    kept({ ...add, kind: 'step', ...done, output: '3', generation: 1, attempts: 2 }),
    make.jobWaiting({
      ...{ jobId, generation: 1, startedAt: at + 20 },
      wait: {
        ...pause,
        kind: 'sleep',
        until: at + 1_000,
        signal: null,
        childType: null,
        request: null,
        recorded: null,
      },
    }),
    make.jobRunEnded({ jobId, generation: 1, outcome: 'waiting' }),
    make.jobStepCompleted({
      jobId,
      generation: 1,
      ...pause,
      kind: 'sleep',
      ...done,
      attempts: 1,
      outputBytes: 0,
      labels: [],
    }),
    kept({ ...pause, kind: 'sleep', ...done, output: null, generation: 2, attempts: 1 }),
    make.jobRunStarted({ jobId, generation: 2, attempt: 1, reason: 'wake' }),
    make.jobCompleted({ jobId, generation: 2, output: '{"sum":3}' }),
  ];
}
