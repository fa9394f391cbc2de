import type { AskPolicyEngine } from '../../../schemas/generated/records.ts';
import type { Meta } from '../../../streams/kernel.ts';

/**
 * Returns the document that the engine receives as `input`. Fields are only ever added. It contains facts, never the
 * prompt, which stays in the platform, as it does for Cedar rules.
 */
export const inputOf = (question: AskPolicyEngine, { tenantId, timeMs }: Pick<Meta, 'tenantId' | 'timeMs'>) => ({
  tenant: tenantId,
  principal: question.principal,
  action: question.action,
  /** Name of the model; empty for any other resource. */
  model: question.resourceType === 'Model' ? question.resourceId : '',
  resource: { type: question.resourceType, id: question.resourceId },
  persona: question.persona,
  prompt_chars: question.promptChars,
  max_tokens: question.maxTokens,
  calls: question.calls,
  capabilities: question.capabilities,
  moderation: question.moderation,
  labels: question.labels,
  session_labels: question.sessionLabels,
  subject_id: question.subjectId,
  command_id: question.commandId,
  /** Time of the command, RFC 3339: a policy that depends on the time decides a late question like an early one. */
  time: new Date(timeMs).toISOString(),
  constitution: { version: question.constitutionVersion, digest: question.constitutionDigest },
});

/** The engine's `input`. */
export type EngineInput = ReturnType<typeof inputOf>;
