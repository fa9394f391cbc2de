import type { DecisionSummary, EngineAnswer, KillSwitchReleased, TokenUsage } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type RecordsOf } from '../kernel.ts';

/** What the audit reads: events, decisions and requests. Commands stand in the decision on them, or in the event they caused. */
export const auditedTopics = [
  topics.sessionsEvents,
  topics.conversationEvents,
  topics.policyDecisions,
  topics.policyAnswers,
  topics.inferenceEvents,
  topics.slmRequests,
  topics.slmResponses,
  topics.slmMetrics,
  topics.constitutionEvents,
  topics.killswitchEvents,
  topics.accessEvents,
  topics.identityEvents,
  topics.policyMemory,
] as const;

export type Audited = RecordsOf<typeof auditedTopics>;

const tokens = ({ prompt, completion }: TokenUsage): string => `${prompt} + ${completion} tokens`;
const verdict = ({ outcome, reasons, score, constitutionVersion }: DecisionSummary): string =>
  `${outcome} (${reasons.join(', ')}; score ${score.toFixed(3)}) by constitution ${constitutionVersion || 'none'}`;

const approvers = ({ releasedBy, proposedBy }: KillSwitchReleased): string =>
  proposedBy === null ? releasedBy : `${proposedBy} and ${releasedBy}`;

const change = ({ version }: { readonly version: number }): string =>
  version === 1 ? 'created' : `changed to version ${version}`;

/** Its reasons are those of a policy's author: codes, as a rule. */
const engineSays = ({ outcome, reasons, detail }: EngineAnswer): string =>
  [outcome, ...reasons, ...(detail === '' ? [] : [detail])].join(', ');

/** One line for a person. Lengths instead of texts: what was said stands in the event, which can be forgotten. */
export function summaryOf(record: Audited): string {
  switch (record.type) {
    case 'PolicyDecided':
      return `${record.data.command.type} by ${record.data.principal}: ${verdict(record.data.decision)}`;
    case 'PolicyEngineAnswered':
      return `outside engine on ${record.data.command.type}: ${engineSays(record.data.answer)}`;
    case 'SessionStarted':
      return `session started by ${record.data.principal} with persona ${record.data.persona}`;
    case 'SessionRefused':
      return `session refused to ${record.data.principal}: ${record.data.code}`;
    case 'ConversationOpened':
      return `conversation opened with persona ${record.data.persona}`;
    case 'TurnQueued':
      return `turn ${record.data.turnId} waits at place ${record.data.position}`;
    case 'TurnStarted':
      return `turn ${record.data.turnId} started, prompt of ${record.data.prompt.length} characters`;
    case 'TurnDelta':
      return `turn ${record.data.turnId} piece ${record.data.index} of attempt ${record.data.attempt}, ${record.data.text.length} characters`;
    case 'TurnCompleted':
      return `turn ${record.data.turnId} completed by ${record.data.modelId}, ${tokens(record.data.tokensConsumed)}`;
    case 'TurnFailed':
      return `turn ${record.data.turnId} failed: ${record.data.code}`;
    case 'TurnRefused':
      return `turn ${record.data.turnId} refused: ${record.data.code}`;
    case 'InferenceStarted':
      return `inference started by ${record.data.principal}, model ${record.data.model ?? 'default'}`;
    case 'InferenceCompleted':
      return `inference completed by ${record.data.modelId}, ${tokens(record.data.tokensConsumed)}`;
    case 'EmbeddingCompleted':
      return `${record.data.vectors.length} embeddings by ${record.data.modelId}, ${tokens(record.data.tokensConsumed)}`;
    case 'InferenceFailed':
      return `inference failed: ${record.data.code}`;
    case 'InferenceRefused':
      return `inference refused: ${record.data.code}`;
    case 'SlmRequested':
      return `model ${record.data.model ?? 'default'} asked for at most ${record.data.maxTokens} tokens under decision ${record.data.decisionId}`;
    case 'SlmEmbeddingRequested':
      return `model ${record.data.model ?? 'default'} asked for ${record.data.input.length} embeddings under decision ${record.data.decisionId}`;
    case 'CancelSlmRequest':
      return `request ${record.data.requestId} is to be ended: ${record.data.reason}`;
    case 'SlmDelta':
      return `piece ${record.data.index} of attempt ${record.data.attempt}, ${record.data.text.length} characters`;
    case 'SlmCompleted':
      return `${record.data.modelId} answered, ${tokens(record.data.tokensConsumed)}`;
    case 'SlmEmbedded':
      return `${record.data.modelId} embedded ${record.data.vectors.length} texts`;
    case 'SlmFailed':
      return `the model failed at attempt ${record.data.attempt}: ${record.data.code}`;
    case 'SlmMetered':
      return `${record.data.outcome}: ${tokens(record.data.tokensConsumed)} of ${record.data.modelId} cost ${record.data.cost} ${record.data.currency}`;
    case 'ConstitutionProposed':
      return `constitution ${record.data.version} proposed by ${record.data.proposedBy}, sha256 ${record.data.digest}`;
    case 'ConstitutionReviewed':
      return `constitution ${record.data.version} reviewed by ${record.data.reviewer}: ${record.data.verdict}`;
    case 'ConstitutionSigned':
      return `constitution ${record.data.version} signed with key ${record.data.keyId}, sha256 ${record.data.digest}`;
    case 'ConstitutionShadowed':
      return `constitution ${record.data.version ?? 'none'} set as shadow by ${record.data.shadowedBy}`;
    case 'ConstitutionRefused':
      return `constitution ${record.data.subject} not changed for ${record.data.principal}: ${record.data.code}`;
    case 'ConstitutionPublished':
      return `constitution ${record.data.version} published, sha256 ${record.data.digest}`;
    case 'ConstitutionActivated':
      return `constitution ${record.data.version} activated, sha256 ${record.data.digest}`;
    case 'KillSwitchEngaged':
      return `kill switch ${record.data.scope} engaged by ${record.data.engagedBy}, mode ${record.data.mode}: ${record.data.reason}`;
    case 'KillSwitchReleased':
      return `kill switch ${record.data.scope} released by ${approvers(record.data)}: ${record.data.reason}`;
    case 'KillSwitchReleaseProposed':
      return `release of kill switch ${record.data.scope} proposed by ${record.data.proposedBy}: ${record.data.reason}`;
    case 'KillSwitchRefused':
      return `kill switch ${record.data.scope} not set for ${record.data.principal}: ${record.data.code}`;
    case 'TokensRevoked':
      return `tokens of ${record.data.scope} revoked by ${record.data.revokedBy}: ${record.data.reason}`;
    case 'RevocationRefused':
      return `tokens of ${record.data.scope} not revoked for ${record.data.principal}: ${record.data.code}`;
    case 'BudgetReserved':
      return `${record.data.tokens} tokens and ${record.data.cost} reserved for ${record.data.requestId}`;
    case 'BudgetSettled':
      return `${record.data.requestId} ${record.data.outcome}: ${record.data.tokens} tokens and ${record.data.cost} spent on ${record.data.day}`;
    case 'SessionRemembered':
      return `${record.data.shadow ? 'the shadow remembers' : 'remembered'} of session ${record.data.sessionId}: ${record.data.labels.length} labels, ${record.data.sequences.length} sequences`;
    case 'TenantDefined':
      return `tenant ${record.data.tenant.tenantId} ${change(record.data.tenant)} by ${record.data.by}: ${record.data.tenant.status}`;
    case 'RoleDefined':
      return `role ${record.data.role.name} ${change(record.data.role)} by ${record.data.by}, ${record.data.role.capabilities.length} capabilities`;
    case 'RoleRemoved':
      return `role ${record.data.role.name} removed by ${record.data.by}`;
    case 'PrincipalDefined':
      return `${record.data.entryId} ${change(record.data.subject)} by ${record.data.by}: ${record.data.subject.status}, roles ${record.data.subject.roles.join(', ') || 'none'}`;
    case 'PrincipalRemoved':
      return `${record.data.entryId} removed by ${record.data.by}`;
    case 'ApiKeyIssued':
      return `API key ${record.data.apiKey.prefix} of ${record.data.apiKey.owner} issued by ${record.data.by}`;
    case 'ApiKeyRotated':
      return `API key ${record.data.apiKey.prefix} of ${record.data.apiKey.owner} rotated by ${record.data.by}`;
    case 'ApiKeyRevoked':
      return `API key ${record.data.apiKey.prefix} of ${record.data.apiKey.owner} revoked by ${record.data.by}`;
    case 'IdentityRefused':
      return `${record.data.entryId} not changed for ${record.data.principal}: ${record.data.code}`;
    default:
      return assertNever(record);
  }
}
