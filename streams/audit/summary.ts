import type { AnyRecord, DecisionSummary, KillSwitchReleased, TokenUsage } from '../../schemas/generated/records.ts';
import { assertNever, type RecordOf } from '../kernel.ts';

/** What the audit reads: events, decisions and requests. Commands stand in the decision on them, or in the event they caused. */
export type Audited = Exclude<
  AnyRecord,
  RecordOf<
    | 'StartSession'
    | 'SubmitTurn'
    | 'TimeOutTurn'
    | 'InferText'
    | 'EmbedText'
    | 'EngageKillSwitch'
    | 'ReleaseKillSwitch'
    | 'RevokeTokens'
    | 'ProposeConstitution'
    | 'ReviewConstitution'
    | 'SignConstitution'
    | 'ActivateConstitution'
    | 'ShadowConstitution'
    | 'ShadowDecided'
    | 'KillSwitch'
    | 'Tenant'
    | 'AuditRecorded'
  >
>;

const tokens = ({ prompt, completion }: TokenUsage): string => `${prompt} + ${completion} tokens`;
const verdict = ({ outcome, reasons, score, constitutionVersion }: DecisionSummary): string =>
  `${outcome} (${reasons.join(', ')}; score ${score.toFixed(3)}) by constitution ${constitutionVersion || 'none'}`;

const approvers = ({ releasedBy, proposedBy }: KillSwitchReleased): string =>
  proposedBy === null ? releasedBy : `${proposedBy} and ${releasedBy}`;

/** One line for a person. Lengths instead of texts: what was said stands in the event, which can be forgotten. */
export function summaryOf(record: Audited): string {
  switch (record.type) {
    case 'PolicyDecided':
      return `${record.data.command.type} by ${record.data.principal}: ${verdict(record.data.decision)}`;
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
    default:
      return assertNever(record);
  }
}
