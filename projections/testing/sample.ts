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
      ...request,
      decisionId: 'd',
      tokens: 300,
      cost: '0.000060000',
      expiresAt: 1_800_000_000_000,
    }),
    make.budgetSettled({ ...request, ...end, tokensReserved: 300, costReserved: '0.000060000' }),
    make.leaseSettled({ ...request, ...end, tenantId: 'demo', day: '2026-01-02' }),
  ];
};
