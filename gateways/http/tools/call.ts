import { nothing, plus } from '../../../schemas/amount.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import { toolName } from '../../../schemas/contexts/tools.ts';
import {
  callTool,
  type RecordOf,
  type Tool,
  type ToolCallCompleted,
  type ToolCallRefused,
} from '../../../schemas/generated/records.ts';
import { askerOf, type Caller } from '../../shared/auth/caller.ts';
import type { Identity } from '../../shared/idempotency.ts';
import type { KnownOutcome } from '../../shared/log/outcomes.ts';
import type { ProblemCode } from '../../shared/problems/catalogue.ts';
import type { Problem } from '../../shared/problems/problem.ts';
import { commandProblem } from '../../shared/problems/shortfall.ts';
import { argumentsOf, requireCallable } from './find.ts';
import { rateProblem } from './rate.ts';
import { pendingCall, toolCallEndedBody } from './schemas.ts';
import { endedOf, manifestOf } from './views.ts';

/** Longest wait for the outcome of a call, in ms. */
export const CALL_WAIT_MS = 30_000;

interface Calling {
  readonly caller: Caller;
  readonly identity: Identity;
  readonly labels: readonly string[] | undefined;
}

/** Returns the fields of a `CallTool` that name its caller and its subject. */
const askedIn = ({ caller, identity, labels = [] }: Calling) => ({
  ...{ ...askerOf(caller), labels, callId: identity.subjectId },
});

/** Returns the command of a call of a tool. Throws the Problems of its arguments, and TOOL_QUARANTINED. */
export function callOfTool(
  tool: Tool,
  given: Readonly<Record<string, unknown>>,
  calling: Calling,
): RecordOf<'CallTool'> {
  requireCallable(tool);
  const { toolId, digest } = tool;
  const { limits, effect } = manifestOf(tool);
  const { cost: costMax } = plus(nothing, { tokens: 0, cost: limits?.cost ?? '0' });
  const asked = {
    toolId,
    digest,
    costMax,
    effect,
    arguments: argumentsOf(tool, given),
    purpose: 'call',
    runId: null,
    capsuleId: null,
  };
  return callTool({ ...askedIn(calling), ...asked });
}

/** Returns the command of a check, or of a question to a server: it has no cost. */
export const askingTool = (
  of: {
    readonly toolId: string;
    readonly digest: string;
    readonly purpose: 'check' | 'connect';
    readonly given: object;
  },
  calling: Calling,
): RecordOf<'CallTool'> => {
  const { toolId, digest, purpose, given } = of;
  return callTool({
    ...askedIn(calling),
    toolId,
    digest,
    purpose,
    ...{ costMax: nothing.cost, effect: 'read', runId: null, capsuleId: null },
    arguments: JSON.stringify(given),
  });
};

/** Problems of a call that is refused in the log. */
export const callRefusals: readonly ProblemCode[] = [
  ...policyRefusals,
  ...([
    'TOOL_UNKNOWN',
    'TOOL_CHANGED',
    'TOOL_QUARANTINED',
    'TOOL_LABEL_REFUSED',
    'TOOL_INVALID',
    'SIGNATURE_INVALID',
  ] as const),
];

/** Returns the problem of a call that was refused in the log. */
export const refusedCall = ({ callId, toolId, code, detail, decision, shortfall }: ToolCallRefused): Problem =>
  commandProblem({ code, detail, decision, shortfall }, { call_id: callId, tool: toolName(toolId) });

/** What all routes that append a `CallTool` have in common. */
export const callRoute = {
  tag: 'tools',
  method: 'POST',
  waits: () => CALL_WAIT_MS,
  appends: ['CallTool'],
  subject: ({ identity }: { readonly identity: Identity }) => identity.subjectId,
  location: ({ identity }: { readonly identity: Identity }) => `/v1/tool-calls/${identity.subjectId}`,
  pending: { ...pendingCall, of: ({ identity }: { readonly identity: Identity }) => ({ call_id: identity.subjectId }) },
  outcomes: {
    ToolCallRefused: { kind: 'refusal', problems: callRefusals, problem: refusedCall },
    ToolCallCompleted: {
      status: 200,
      schema: toolCallEndedBody,
      answer: (end: ToolCallCompleted, { outcome }: { readonly outcome: KnownOutcome }) => {
        const limited = rateProblem(end, outcome.timeMs);
        if (limited !== null) throw limited;
        return endedOf(end, outcome.timeMs);
      },
    },
  },
} as const;
