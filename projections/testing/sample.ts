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
  });

/** A conversation: opened, then for each turn started, `deltas` pieces, completed. Sequences are dense from 1. */
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
    for (let index = 0; index < deltas; index += 1)
      list.push(make.turnDelta({ sessionId, turnId, sequence: next(), attempt: 1, index, text: `p${index} ` }));
    list.push(
      make.turnCompleted({
        sessionId,
        turnId,
        sequence: next(),
        text: Array.from({ length: deltas }, (_, index) => `p${index} `).join(''),
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
    currency: 'USD',
    ...more,
  });

/** What a request held of a budget, and what it used. */
export const budgeted = (requestId: string): readonly make.AnyRecord[] => {
  const request = { tenantId: 'demo', requestId };
  return [
    make.budgetReserved({
      ...request,
      decisionId: 'd',
      tokens: 300,
      cost: '0.000060000',
      expiresAt: 1_800_000_000_000,
    }),
    make.budgetSettled({
      ...request,
      ...{ outcome: 'used', tokens: 40, cost: '0.000008000', tokensReserved: 300, costReserved: '0.000060000' },
      day: '2026-01-02',
    }),
  ];
};
