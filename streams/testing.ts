/** Sample records for tests: valid, small, and different only where a test says so. */

import { builtInPersonas } from '../schemas/contexts/personas/built-in.ts';
import { decidedPersona, type Personas, withPersona } from '../schemas/contexts/personas/library.ts';
import { continuedTurn } from '../schemas/contexts/slm/messages.ts';
import {
  type AnswerModeration,
  type BudgetLimit,
  type DecisionSummary,
  type EmbedText,
  embedText,
  fullNames,
  type InferText,
  inferText,
  type KillSwitch,
  killSwitch,
  type ModerateText,
  moderateText,
  persona,
  policyDecided,
  type StartSession,
  type SubmitTurn,
  slmCompleted,
  slmFailed,
  startSession,
  submitTurn,
  type Tenant,
  tenant,
} from '../schemas/generated/records.ts';
import { type GovernedCommand, requestOf } from '../schemas/governed.ts';
import { uuidV5 } from '../schemas/ids.ts';
import { keyOf } from '../schemas/topics.ts';
import type { RecordOf } from './kernel.ts';

export const SESSION = 'session-1';
/** The built-in personas, as a table holds them. */
export const somePersonas: Personas = builtInPersonas.reduce(withPersona, new Map());
/** The records of the built-in personas. */
export const personaRecords: readonly RecordOf<'Persona'>[] = builtInPersonas.map((each) => persona(each));

export const allowed: DecisionSummary = {
  decisionId: 'decision-1',
  outcome: 'allow',
  score: 0.97,
  threshold: 0.75,
  reasons: ['PERMITTED'],
  clauses: ['permit-conversation', 'score'],
  constitutionVersion: '1.0.0',
  constitutionDigest: 'd1',
};
export const denied: DecisionSummary = {
  ...allowed,
  outcome: 'deny',
  reasons: ['MODERATION_WEAPONS'],
  clauses: ['moderation:weapons-explosives'],
};

export const aStart = (changes: Partial<StartSession> = {}): RecordOf<'StartSession'> =>
  startSession({
    sessionId: SESSION,
    principal: 'key-1',
    persona: 'guide',
    capabilities: ['slm:invoke:*'],
    model: null,
    metadata: {},
    turnId: null,
    prompt: null,
    maxTokens: null,
    requestDigest: 'r1',
    labels: [],
    ...continuedTurn,
    ...changes,
  });

export const aTurn = (turnId: string, changes: Partial<SubmitTurn> = {}): RecordOf<'SubmitTurn'> =>
  submitTurn({
    sessionId: SESSION,
    turnId,
    principal: 'key-1',
    capabilities: ['slm:invoke:*'],
    model: null,
    persona: 'guide',
    prompt: `prompt of ${turnId}`,
    maxTokens: null,
    credential: null,
    labels: [],
    ...continuedTurn,
    ...changes,
  });

export const anInference = (changes: Partial<InferText> = {}): RecordOf<'InferText'> =>
  inferText({
    requestId: 'request-1',
    principal: 'key-1',
    capabilities: ['slm:invoke:*'],
    model: null,
    prompt: 'What is a khipu?',
    maxTokens: null,
    credential: null,
    labels: [],
    ...changes,
  });

export const anEmbedding = (changes: Partial<EmbedText> = {}): RecordOf<'EmbedText'> =>
  embedText({
    requestId: 'request-1',
    principal: 'key-1',
    capabilities: ['slm:embed:*'],
    model: null,
    input: ['knot', 'cord'],
    credential: null,
    labels: [],
    ...changes,
  });

export const aModeration = (changes: Partial<ModerateText> = {}): RecordOf<'ModerateText'> =>
  moderateText({
    ...{
      requestId: 'request-1',
      principal: 'key-1',
      capabilities: ['slm:moderate'],
      input: ['knot'],
      credential: null,
    },
    ...changes,
  });

/** Returns a decision on a command. Its id follows from both, like the id of a real one. */
export function decisionOn(command: GovernedCommand, summary: DecisionSummary = allowed): RecordOf<'PolicyDecided'> {
  const decisionId = uuidV5('00000000-0000-0000-0000-000000000000', JSON.stringify([command, summary]));
  return policyDecided({
    subjectId: keyOf(command),
    commandId: 'command-1',
    commandType: fullNames[command.type],
    command,
    decision: { ...summary, decisionId },
    features: [],
    principal: command.data.principal,
    evaluatorVersion: 'test/1',
    budget: null,
    labels: [],
    history: null,
    engine: null,
    moderation: null,
    flow: [],
    approval: null,
    persona: decidedPersona(somePersonas, 'demo', requestOf(command).persona),
    classifier: null,
    findings: [],
  });
}

const answerTo = (turnId: string) => ({ subjectId: SESSION, origin: 'conversation' as const, requestId: turnId });

export const anAnswer = (turnId: string, text: string, attempt = 1): RecordOf<'SlmCompleted'> =>
  slmCompleted({
    moderation: null,
    ...answerTo(turnId),
    attempt,
    text,
    modelId: 'model-1',
    finishReason: 'stop',
    toolCalls: [],
    tokensConsumed: { prompt: 5, completion: 7 },
    latencyMs: 12,
    cost: null,
  });

/** What the rules of outputs found in an answer that was given out. */
export const aFinding: AnswerModeration = {
  ...{ constitutionVersion: '1', constitutionDigest: 'd', redacted: 1 },
  findings: [{ rule: 'violence', category: 'VIOLENCE', outcome: 'redact', score: 0.75, place: 'output' }],
  classifier: {
    ...{ outcome: 'answered', scores: [{ category: 'violence', score: 0.75 }], model: 'm', detail: '', latencyMs: 3 },
  },
};

export const aFailure = (turnId: string, code = 'SLM_UNAVAILABLE'): RecordOf<'SlmFailed'> =>
  slmFailed({ ...answerTo(turnId), attempt: 3, code, detail: 'no model answers', refusal: null });

/** Returns the record of an engaged switch. */
export const aSwitch = (scope: string, changes: Partial<KillSwitch> = {}): RecordOf<'KillSwitch'> =>
  killSwitch({
    scope,
    engaged: true,
    mode: 'stop',
    reason: 'a leak',
    engagedBy: 'key-1',
    since: 1_000,
    twoPerson: false,
    releaseProposedBy: null,
    engagedEventId: `event of ${scope}`,
    ...changes,
  });

/** Returns the record of a tenant with these budgets and no other bounds. */
export const aTenant = (
  budgets: readonly BudgetLimit[] = [],
  changes: Partial<Omit<Tenant, 'settings'>> & { readonly models?: readonly string[] } = {},
): RecordOf<'Tenant'> => {
  const { models = ['*'], ...rest } = changes;
  const settings = { models, budgets, retentionDays: null, lane: 'interactive', weight: 1 } as const;
  return tenant({ tenantId: 'demo', version: 3, name: 'Demo', status: 'active', settings, ...rest });
};

/** Returns the tokens that a command is estimated at; 0 for one that is not estimated in tokens. */
export function tokensEstimated(command: GovernedCommand): number {
  const { estimate } = requestOf(command);
  return estimate.unit === 'tokens' ? estimate.tokensMax : 0;
}
