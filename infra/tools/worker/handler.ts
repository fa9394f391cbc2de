import { nothing, plus } from '../../../schemas/amount.ts';
import { switchesOver } from '../../../schemas/contexts/kill-switch.ts';
import {
  digestName,
  TOOL_OUTPUT_BYTES_DEFAULT,
  TOOL_TIMEOUT_MS_DEFAULT,
  type ToolOutcome,
  toolName,
} from '../../../schemas/contexts/tools.ts';
import { type ToolCallEnded, toolCallBegan, toolCallEnded } from '../../../schemas/generated/records.ts';
import type { RecordOf, WorkContext } from '../../../streams/kernel.ts';
import { GovernanceError } from '../../governance/constitution/errors.ts';
import { aborted } from '../../kit/aborted.ts';
import { codeOf, messageOf } from '../../kit/errors.ts';
import { StoppedByKillSwitch, type Switches, watchSwitches } from '../../runner/kill-switches.ts';
import { inCallSpan } from '../../tracing/call-span.ts';
import { attributes as a } from '../../tracing/conventions.ts';
import type { ConnectedTool, ToolAudit, ToolRecord, ToolRun } from '../adapters/port.ts';
import { type EffectKnown, ToolError } from '../errors.ts';
import type { ToolMetrics } from '../metrics.ts';
import type { CallRate } from '../rate/port.ts';
import { keptOutput, type OutputParts } from './kept-output.ts';
import { KnownTools, type KnownToolsParts, type ReadyTool } from './known-tools.ts';
import { serverManifest } from './server-manifest.ts';

type Work = RecordOf<'RunToolCall'>;

/** Runs calls of the tool worker. */
export interface ToolHandler {
  /**
   * Runs one call to its end. An irreversible one is begun once: its start is in the log before it is sent, and a later run
   * of it only looks whether the effect took place. Rejects, without an end, when another run may help.
   */
  handle(work: Work, context: WorkContext): Promise<void>;
  /** Ends a call that is not run again. */
  abandon(work: Work, context: WorkContext, error: unknown): Promise<void>;
  close(): Promise<void>;
}

export interface ToolHandlerParts extends KnownToolsParts, OutputParts {
  readonly switches: Switches;
  readonly rate: CallRate;
  readonly metrics: ToolMetrics;
  /** Monotonic clock, ms. */
  readonly now: () => number;
}

/** How a call ended. */
interface End {
  readonly outcome: ToolOutcome;
  readonly code: string | null;
  readonly detail: string;
  /** JSON, or the name of JSON; none when omitted. */
  readonly output?: string | null;
  readonly preview?: string | null;
  readonly check?: ToolCallEnded['check'];
  readonly verified?: boolean;
  /** The spent limit of a call that was not run. */
  readonly rate?: ToolCallEnded['rate'];
  /** Of the output, beside those of the manifest. */
  readonly labels?: readonly string[];
  readonly records?: readonly ToolRecord[];
}

const OUTCOMES: Readonly<Record<EffectKnown, ToolOutcome>> = { none: 'failed', done: 'succeeded', unknown: 'unknown' };

/** Longest detail of an end, in characters. */
const DETAIL_CHARS_MAX = 500;

/**
 * Returns the end of a failed run by what is known of its effect. A read has none. `isDoubtful`: an earlier run may have taken
 * effect, so that a run without one does not say that the call has none.
 */
function endOf(error: unknown, effect: string, isDoubtful = false): End {
  const own: EffectKnown = error instanceof ToolError ? error.effect : 'unknown';
  const known = own === 'none' && isDoubtful ? 'unknown' : own;
  return {
    outcome: effect === 'read' ? 'failed' : OUTCOMES[known],
    code: codeOf(error) ?? 'UNEXPECTED',
    detail: messageOf(error),
    rate: error instanceof ToolError ? error.rate : null,
  };
}

const mayRunAgain = (error: unknown): boolean =>
  error instanceof ToolError ? error.canRetry : !(error instanceof GovernanceError);

/** Returns the end of a call that could not be begun in this run; an earlier run may have had its effect. */
const unbegunEnd = (error: unknown, { attempt }: Pick<WorkContext, 'attempt'>): End => ({
  ...endOf(error, 'read'),
  outcome: attempt > 1 ? 'unknown' : 'failed',
});

/** Returns the handler of the tool worker. */
export function createToolHandler(parts: ToolHandlerParts): ToolHandler {
  const { switches, metrics, now } = parts;
  const known = new KnownTools(parts);
  /** Calls that have not ended and of which a run of this process may have taken effect. */
  const doubtful = new Set<string>();
  const isDoubtful = ({ data: { callId } }: Work, { inherited }: WorkContext): boolean =>
    inherited || doubtful.has(callId);

  function end(work: Work, context: WorkContext, tool: ReadyTool | null, at: number, made: End): void {
    const { callId, toolId } = work.data;
    const isCharged = made.outcome !== 'failed';
    const data: ToolCallEnded = {
      ...{ callId, attempt: context.attempt, outcome: made.outcome, code: made.code },
      detail: made.detail.slice(0, DETAIL_CHARS_MAX),
      ...{ output: made.output ?? null, preview: made.preview ?? null, check: made.check ?? null },
      verified: made.verified ?? false,
      ...auditOf(tool),
      ...{ latencyMs: Math.round(now() - at), requests: tool?.connected.requests(callId) ?? [] },
      cost:
        isCharged && work.data.purpose === 'call'
          ? plus(nothing, { tokens: 0, cost: tool?.manifest.limits?.cost ?? '0' }).cost
          : nothing.cost,
      labels: [...new Set([...(tool?.manifest.labels?.out ?? []), ...(made.labels ?? [])])],
      rate: made.rate ?? null,
    };
    context.end(toolCallEnded(data), ...(made.records ?? []));
    tool?.connected.forget(callId);
    doubtful.delete(callId);
    metrics.calls.inc({ tool: toolName(toolId), outcome: made.outcome });
  }

  /** Looks up an outcome that is unknown; a look-up that fails leaves it so. */
  async function settled(tool: ConnectedTool, run: ToolRun, made: End): Promise<End> {
    if (made.outcome !== 'unknown' || tool.verify === null) return made;
    try {
      const outcome = OUTCOMES[await tool.verify(run)];
      return outcome === 'unknown' ? made : { ...made, outcome, verified: true };
    } catch {
      return made;
    }
  }

  /** Counts the run. Nothing was sent yet, so a call that may not be repeated ends as failed. */
  async function requireRate({ manifest: { effect, limits } }: ReadyTool, toolId: string): Promise<void> {
    const perMinute = limits?.calls_per_minute;
    if (perMinute === undefined) return;
    const waitMs = await parts.rate.take(toolId, perMinute).catch((cause: unknown) => {
      const canRetry = effect !== 'irreversible';
      throw new ToolError('TOOL_RATE_UNKNOWN', 'The calls of this minute cannot be counted', {
        effect: 'none',
        canRetry,
        cause,
      });
    });
    if (waitMs === null) return;
    const detail = `The tool allows ${perMinute} calls a minute; the next minute begins in ${Math.ceil(waitMs / 1_000)} s`;
    throw new ToolError('TOOL_RATE_LIMITED', detail, { effect: 'none', rate: { perMinute, waitMs } });
  }

  async function called(tool: ReadyTool, context: WorkContext, run: ToolRun, work: Work): Promise<End> {
    if (work.data.purpose !== 'call') return asked(tool, context, run, work);
    const { effect } = tool.manifest;
    const isIrreversible = effect === 'irreversible';
    if (isIrreversible && context.attempt > 1) {
      const detail = 'A run of the call ended before its answer; whether it took effect is not known.';
      return settled(tool.connected, run, { outcome: 'unknown', code: 'TOOL_OUTCOME_UNKNOWN', detail });
    }
    await requireRate(tool, work.data.toolId);
    const began = toolCallBegan({ callId: work.data.callId, attempt: context.attempt, ...auditOf(tool) });
    await (isIrreversible ? context.commit(began) : context.emit(began));
    try {
      const name = toolName(work.data.toolId);
      const {
        output,
        labels = [],
        records = [],
      } = await inCallSpan(
        `execute_tool ${name}`,
        { [a.genAiOperation]: 'execute_tool', [a.genAiToolName]: name, [a.genAiToolCall]: work.data.callId },
        () => tool.connected.execute(run),
      );
      const made = await outputEnd(tool, output, run.tenantId, parts);
      return { ...made, labels: [...labels, ...(made.labels ?? [])], records };
    } catch (error) {
      // Its process or its partition is gone: the next owner ends the call.
      if (context.signal.aborted) throw error;
      const cause = run.signal.aborted ? run.signal.reason : error;
      if (!isIrreversible && !run.signal.aborted && mayRunAgain(error)) {
        if (!(error instanceof ToolError && error.effect === 'none')) doubtful.add(work.data.callId);
        throw error;
      }
      // An irreversible call has no earlier run here.
      const doubt = !isIrreversible && isDoubtful(work, context);
      return settled(tool.connected, run, endOf(cause, effect, doubt));
    }
  }

  /** Compares a tool with its server, or asks the server for what it offers. Nothing changes outside. */
  async function asked({ connected }: ReadyTool, context: WorkContext, run: ToolRun, work: Work): Promise<End> {
    try {
      return work.data.purpose === 'check' ? await checked(connected, run) : await offered(connected, run);
    } catch (error) {
      if (context.signal.aborted) throw error;
      if (!run.signal.aborted && mayRunAgain(error)) throw error;
      return endOf(run.signal.aborted ? run.signal.reason : error, 'read');
    }
  }

  async function handle(work: Work, context: WorkContext): Promise<void> {
    const at = now();
    await Promise.race([switches.ready, aborted(context.signal)]);
    context.signal.throwIfAborted();
    const { toolId, digest, arguments: given } = work.data;
    const { tenantId } = context.meta;
    const resources = [toolName(toolId), digestName(digest)].map((id) => ({ type: 'Tool', id }) as const);
    let begun = context.attempt > 1;
    const watch = watchSwitches(switches, (value) => {
      const found = switchesOver(value, { tenant: tenantId, resources }).find(
        ({ mode }) => mode === 'stop' || (!begun && mode === 'finish_step'),
      );
      begun = true;
      return found;
    });
    let tool: ReadyTool | null = null;
    try {
      tool = await toolOf(known, work.data, tenantId);
      watch.signal.throwIfAborted();
      const run: ToolRun = {
        ...runBase(work, context),
        ...{ arguments: argumentsIn(given), idempotencyKey: context.idempotencyKey, timeoutMs: timeoutOf(tool) },
        signal: AbortSignal.any([context.signal, watch.signal]),
      };
      end(work, context, tool, at, await called(tool, context, run, work));
    } catch (error) {
      if (context.signal.aborted) throw error;
      if (!(error instanceof StoppedByKillSwitch) && mayRunAgain(error)) throw error;
      end(work, context, tool, at, unbegunEnd(error, context));
    } finally {
      watch.end();
    }
  }

  return {
    handle,
    async abandon(work, context, error) {
      const at = now();
      try {
        const { tenantId } = context.meta;
        const tool = await toolOf(known, work.data, tenantId);
        const { effect } = tool.manifest;
        const run: ToolRun = {
          ...{ ...runBase(work, context), arguments: argumentsIn(work.data.arguments) },
          ...{ idempotencyKey: context.idempotencyKey, timeoutMs: timeoutOf(tool), signal: context.signal },
        };
        end(
          work,
          context,
          tool,
          at,
          await settled(tool.connected, run, endOf(error, effect, isDoubtful(work, context))),
        );
      } catch (thrown) {
        end(work, context, null, at, unbegunEnd(thrown, context));
      }
    },
    async close() {
      await known.close();
      await parts.rate.close();
    },
  };
}

/** Resolves with the tool of a call; with the server alone of a question that names no tool. Rejects as KnownTools does. */
const toolOf = async (known: KnownTools, work: Work['data'], tenantId: string): Promise<ReadyTool> =>
  work.purpose === 'connect' && work.envelope === ''
    ? known.server(serverManifest(argumentsIn(work.arguments)), tenantId)
    : known.of(work, tenantId);

async function checked({ check }: ConnectedTool, run: ToolRun): Promise<End> {
  if (check === undefined)
    throw new ToolError('TOOL_INVALID', 'The manifest of the tool says all of it: there is no server to compare', {
      effect: 'none',
    });
  await check(run);
  return { outcome: 'succeeded', code: null, detail: 'The server describes the tool as the signed manifest does.' };
}

async function offered({ offers }: ConnectedTool, run: ToolRun): Promise<End> {
  if (offers === undefined) throw new ToolError('TOOL_INVALID', 'The tool has no server to ask', { effect: 'none' });
  return { outcome: 'succeeded', code: null, detail: 'The server has answered.', output: jsonOf(await offers(run)) };
}
/** Returns the members of a run that its work and its meta have. */
const runBase = ({ data }: Work, { meta: { tenantId, place } }: WorkContext) => ({
  ...{ callId: data.callId, tenantId, principal: data.principal, sessionId: data.sessionId, place },
  decisionId: data.decisionId,
  labels: data.labels,
});

const timeoutOf = ({ manifest: { limits } }: ReadyTool): number => limits?.timeout_ms ?? TOOL_TIMEOUT_MS_DEFAULT;

const auditOf = (tool: ReadyTool | null): ToolAudit | { readonly tier: string; readonly walls: readonly string[] } =>
  tool === null ? { tier: 'declared', walls: [] } : tool.audit;

/** Returns the arguments of a call. Throws ToolError TOOL_ARGUMENTS_INVALID for text that is no JSON object. */
function argumentsIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // As any other text that is no object.
  }
  throw new ToolError('TOOL_ARGUMENTS_INVALID', 'The arguments are not a JSON object', { effect: 'none' });
}

/** Returns a value as JSON; null for a value that JSON does not have. */
const jsonOf = (value: unknown): string => (JSON.stringify(value) as string | undefined) ?? 'null';

/** Resolves with the end of a run that was answered. The effect took place, however its output looks. Rejects as keptOutput does. */
async function outputEnd(
  { manifest, checkOutput }: ReadyTool,
  output: unknown,
  tenantId: string,
  parts: OutputParts,
): Promise<End> {
  const outcome: ToolOutcome = manifest.effect === 'read' ? 'failed' : 'succeeded';
  const bytesMax = manifest.limits?.max_response_bytes ?? TOOL_OUTPUT_BYTES_DEFAULT;
  const json = jsonOf(output);
  const bytes = Buffer.byteLength(json);
  if (bytes > bytesMax)
    return { outcome, code: 'TOOL_OUTPUT_TOO_LARGE', detail: `The output has ${bytes} bytes of at most ${bytesMax}.` };
  const errors = checkOutput(output);
  if (errors.length === 0) return { outcome: 'succeeded', ...(await keptOutput(json, tenantId, parts)) };
  const named = errors.slice(0, 5).map(({ instancePath, message }) => `#${instancePath}: ${message ?? 'not valid'}`);
  return { outcome, code: 'TOOL_OUTPUT_INVALID', detail: `The output does not fit its schema: ${named.join('; ')}` };
}
