import type { AskPolicyEngine } from '../../schemas/generated/records.ts';
import type { Meta } from '../../streams/kernel.ts';

/**
 * The document that the engine sees as `input`. Fields are only ever added. It holds facts, never what was said: the prompt
 * stays in the platform, as it does for Cedar rules.
 */
export const inputOf = (question: AskPolicyEngine, { tenantId, timeMs }: Pick<Meta, 'tenantId' | 'timeMs'>) => ({
  tenant: tenantId,
  principal: question.principal,
  action: question.action,
  model: question.model,
  persona: question.persona,
  prompt_chars: question.promptChars,
  max_tokens: question.maxTokens,
  capabilities: question.capabilities,
  moderation: question.moderation,
  labels: question.labels,
  session_labels: question.sessionLabels,
  subject_id: question.subjectId,
  command_id: question.commandId,
  /** Of the command, RFC 3339: a policy that depends on the time decides a late question as an early one. */
  time: new Date(timeMs).toISOString(),
  constitution: { version: question.constitutionVersion, digest: question.constitutionDigest },
});

export type EngineInput = ReturnType<typeof inputOf>;
