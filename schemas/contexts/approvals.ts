/** Limits and digests of approvals, and what governance has to know of their commands. */

import { hash } from 'node:crypto';
import type { ApprovalRequirement, Credential, DecideApproval } from '../generated/records.ts';
import { type Description, type Descriptors, EXAMPLE_ID, EXAMPLE_TEXT, type Example } from '../governed-command.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../ids.ts';
import type { RecordsIn, topics } from '../topics.ts';
import { textIn } from './jobs.ts';
import { toolName } from './tools.ts';

/** Capabilities of approvals: to read them, and to decide on those of any tool. */
export const READ_APPROVALS = 'approval:read';
export const DECIDE_APPROVALS = 'approval:decide';
/** Returns the capability to decide on calls of one tool. `approval:decide` covers every tool. */
export const decideCapability = (tool: string): string => `${DECIDE_APPROVALS}:${tool}`;

/** Most principals that a rule may ask for. */
export const APPROVALS_REQUIRED_MAX = 10;
/**
 * Longest wait of an approval, in ms. The budget of a call is reserved for two hours: what is left of them is for the call.
 */
export const APPROVAL_MS_MAX = 110 * 60_000;
export const APPROVAL_MS_DEFAULT = 60 * 60_000;
/** Shortest wait of an approval, and shortest time to its escalation, in ms. */
export const APPROVAL_MS_MIN = 1_000;
/**
 * Approvals of one session that wait at the same time, and grants of one session, or of one caller for one tool outside
 * sessions. Each is some 1 KB of state.
 */
export const APPROVALS_OPEN_MAX = 50;
export const APPROVAL_GRANTS_MAX = 20;
/** Bounds of a grant. */
export const GRANT_MS_MAX = 60 * 60_000;
export const GRANT_USES_MAX = 100;
/**
 * Longest wait of a call outside sessions for the answer whether a grant covers it, in ms; then people are asked. The answer
 * takes some ten ms unless the process of its place has died: another one has it within the minute.
 */
export const GRANT_SEARCH_MS_MAX = 60_000;
/** Longest shape of a grant, in characters of JSON. */
export const GRANT_SHAPE_CHARS_MAX = 4_000;
/** Longest reason of a decision, in characters. */
export const APPROVAL_REASON_CHARS_MAX = 2_000;

/** Outcomes of a decision on an approval; an open vocabulary on the wire. */
export const approvalOutcomes = ['approve', 'reject', 'edit'] as const;
export type ApprovalOutcome = (typeof approvalOutcomes)[number];

/** Returns sha256 of a text in UTF-8, hex. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/**
 * Returns what an approval is bound to: sha256 over the digest of the manifest, the arguments and the id of the decision.
 * Another manifest, another argument or another decision is another digest.
 */
export const approvalDigest = (of: {
  readonly toolDigest: string;
  readonly arguments: string;
  readonly decisionId: string;
}): string => sha256(JSON.stringify([of.toolDigest, of.arguments, of.decisionId]));

/** Returns the scope of the approvals of a call: its session, or the call itself. */
export const scopeOf = (sessionId: string | null, callId: string): string =>
  sessionId === null || sessionId === '' ? callId : sessionId;

/** Returns the scope of the grants of a caller for a tool outside sessions: all of its calls ask there, wherever they are. */
export const grantScopeOf = (of: { readonly toolId: string; readonly principal: string }): string =>
  uuidV5(KHIPU_NAMESPACE, JSON.stringify(['grants', of.toolId, of.principal]));

/**
 * Returns what several rules ask for together: the most principals, every capability, the earliest expiry and the earliest
 * escalation. Null without a rule.
 */
export function strictest(all: readonly ApprovalRequirement[]): ApprovalRequirement | null {
  const [first, ...others] = all;
  if (first === undefined) return null;
  return others.reduce((one, other) => {
    const escalations = [one, other]
      .filter(({ escalateAfterMs }) => escalateAfterMs !== null)
      .sort((a, b) => (a.escalateAfterMs ?? 0) - (b.escalateAfterMs ?? 0));
    return {
      rules: [...new Set([...one.rules, ...other.rules])],
      required: Math.max(one.required, other.required),
      capabilities: [...new Set([...one.capabilities, ...other.capabilities])],
      expiresMs: Math.min(one.expiresMs, other.expiresMs),
      // Where one of the rules never escalates, none does: it would weaken that one.
      escalateAfterMs: escalations.length < 2 ? null : (escalations[0]?.escalateAfterMs ?? null),
      escalateCapability: escalations.length < 2 ? null : (escalations[0]?.escalateCapability ?? null),
    };
  }, first);
}

interface ApprovalCommand {
  readonly toolId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
  readonly credential: Credential | null;
  readonly labels: readonly string[];
}

const common = ({ principal, capabilities, credential, labels }: ApprovalCommand) =>
  ({
    ...{ principal, capabilities, credential, labels, session: null, delegates: false, persona: null },
    ...{ textLimit: 'embedding_chars_max', maxTokens: null, estimate: { unit: 'none' }, requestId: null },
  }) satisfies Partial<Description>;

/** Resource of decisions that stop work, which a kill switch over the tool must not prevent. */
const APPROVALS = 'approvals';

/** Returns the capability that a decider must have: the general one where it has that, else that of the tool. */
const needed = ({ capabilities, toolId }: ApprovalCommand): string =>
  capabilities.includes(DECIDE_APPROVALS) ? DECIDE_APPROVALS : decideCapability(toolName(toolId));

/**
 * Rules see the reason and the edited arguments. A kill switch over the tool stops an approval and an edit; a rejection it
 * does not.
 */
const decision = (command: DecideApproval): Description => {
  const texts = [command.reason, command.arguments === null ? '' : textIn(command.arguments)].filter(
    (one) => one !== '',
  );
  return {
    ...common(command),
    resourceId: command.outcome === 'reject' ? APPROVALS : toolName(command.toolId),
    needs: needed(command),
    text: texts.length === 0 ? null : texts.join('\n'),
  };
};

const example = ({ capabilities, labels, resourceId }: Example) => ({
  ...{ toolId: `demo/${resourceId ?? 'example'}`, principal: 'constitution-tests', capabilities, labels },
  ...{ credential: null, scopeId: EXAMPLE_ID },
});

export const approvalsCommands: Descriptors<RecordsIn<typeof topics.approvalsCommands>> = {
  DecideApproval: {
    resource: 'Tool',
    describe: decision,
    example: (given) => ({
      ...{ ...example(given), approvalId: EXAMPLE_ID, digest: '0'.repeat(64), outcome: 'approve', arguments: null },
      ...{ reason: given.text ?? EXAMPLE_TEXT, grant: null },
    }),
  },
  RevokeApprovalGrant: {
    resource: 'Tool',
    describe: (command) => ({ ...common(command), resourceId: APPROVALS, needs: needed(command), text: null }),
    example: (given) => ({ ...example(given), grantId: EXAMPLE_ID }),
  },
};
