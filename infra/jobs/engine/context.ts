import { AGENT_DEFAULT } from '../../../schemas/contexts/agents.ts';
import type { StepName } from '../../../schemas/contexts/jobs/step-name.ts';
import {
  JOB_DELAY_MS_MAX,
  JOB_PAYLOAD_BYTES_MAX,
  type JobAgentRequest,
  type JobEmbeddingAnswer,
} from '../../../schemas/contexts/jobs.ts';
import { uuidV5 } from '../../../schemas/ids.ts';
import type { AgentRequest, Branches, JobContext, ModelRequest } from '../sdk/context.ts';
import { JobError } from '../sdk/errors.ts';
import { isJob } from '../sdk/job.ts';
import { branchPath, checkName, derivedRandom } from './keys.ts';
import { payloadOf } from './payload.ts';
import type { Run } from './run.ts';
import { stepOf } from './step.ts';

type Named = { readonly name?: string };
const NO_WAIT = { until: null, signal: null, childType: null, request: null } as const;

/** Returns the context of a branch of the handler; by default of the handler itself. */
export function contextOf(run: Run, path = ''): JobContext {
  const { jobId, tenantId } = run.given;
  const { clock } = run.ports;
  // Code that depends on chance takes the way of the record.
  const sourceId = run.given.simulation?.sourceId ?? jobId;
  const counts = new Map<string, number>();
  const count = (what: string): number => {
    const nth = (counts.get(what) ?? 0) + 1;
    counts.set(what, nth);
    return nth;
  };
  const keyOf = (name: string): StepName => {
    checkName(name);
    return { path, name, nth: count(`name ${name}`) };
  };

  const sleepUntil = async (untilMs: () => number, { name = 'sleep' }: Named): Promise<void> => {
    await run.ask('sleep', keyOf(name), (operation) => {
      const until = untilMs();
      run.wait(operation, { ...NO_WAIT, kind: 'sleep', until });
    });
  };

  const branch = async (label: string, fn: (ctx: JobContext) => unknown): Promise<unknown> => {
    checkName(label);
    return fn(contextOf(run, branchPath(path, label, count(`branch ${label}`))));
  };

  /** Asks a model. Rejects with JobError, not retryable, for a request above 64 KiB. */
  const ask = async (asked: object, name: string): Promise<unknown> => {
    const key = keyOf(name);
    const request = payloadOf(asked, `the request '${name}' to a model`, 'INPUT', JOB_PAYLOAD_BYTES_MAX);
    return run.ask('model', key, (operation) => run.wait(operation, { ...NO_WAIT, kind: 'model', request }));
  };

  return {
    jobId,
    tenantId,
    idempotencyKey: uuidV5(sourceId, 'job'),
    abortSignal: run.abort.signal,
    // `async` turns the error of a bad name into a rejection.
    step: async (name, fn, options = {}) => (await run.ask('step', keyOf(name), stepOf(run, fn, options))) as never,
    all: async <const B extends Branches>(branches: B) => {
      if (Array.isArray(branches))
        return (await Promise.all(branches.map((fn, index) => branch(String(index), fn)))) as never;
      const labels = Object.keys(branches);
      const named = branches as Readonly<Record<string, (ctx: JobContext) => unknown>>;
      const results = await Promise.all(labels.map((label) => branch(label, named[label] as never)));
      return Object.fromEntries(labels.map((label, index) => [label, results[index]])) as never;
    },
    sleep: async (ms, options = {}) => {
      checkDelay(ms);
      return sleepUntil(() => clock.now() + ms, options);
    },
    sleepUntil: async (time, options = {}) => {
      const until = time.getTime();
      checkDelay(until - clock.now());
      return sleepUntil(() => until, options);
    },
    signal: async (name, { timeout } = {}) => {
      if (timeout !== undefined) checkDelay(timeout);
      return (await run.ask('signal', keyOf(name), (operation) => {
        const until = timeout === undefined ? null : clock.now() + timeout;
        run.wait(operation, { ...NO_WAIT, kind: 'signal', until, signal: name });
      })) as never;
    },
    child: async (type: unknown, input: unknown, { name }: Named = {}) => {
      const childType = isJob(type) ? type.name : String(type);
      const key = keyOf(name ?? childType);
      const json = payloadOf(input, `the input of child '${childType}'`, 'INPUT');
      return (await run.ask('child', key, (operation) =>
        run.withPayload(json, (request) => run.wait(operation, { ...NO_WAIT, kind: 'child', childType, request })),
      )) as never;
    },
    tool: async (tool, args, { name }: Named = {}) => {
      const key = keyOf(name ?? tool);
      const request = payloadOf(args, `the arguments of tool '${tool}'`, 'INPUT', JOB_PAYLOAD_BYTES_MAX);
      const wait = { ...NO_WAIT, kind: 'tool', childType: tool, request };
      return (await run.ask('tool', key, (operation) => run.wait(operation, wait))) as never;
    },
    agent: async (asked) => {
      const { agent = AGENT_DEFAULT, name = agent } = asked;
      const key = keyOf(name);
      const request = payloadOf(agentRequest(asked), `the request to agent '${agent}'`, 'INPUT', JOB_PAYLOAD_BYTES_MAX);
      const wait = { ...NO_WAIT, kind: 'agent', childType: agent, request };
      return (await run.ask('agent', key, (operation) => run.wait(operation, wait))) as never;
    },
    model: async (request) => (await ask(modelRequest(request), request.name ?? 'model')) as never,
    embed: async ({ input, model, name = 'model' }) => {
      const answer = (await ask({ input, ...(model !== undefined && { model }) }, name)) as JobEmbeddingAnswer;
      return { ...answer, vectors: answer.vectors.map(unpacked) };
    },
    progress: (percent, message) => run.progress(percent, message),
    now: () => new Date(run.immediate('now', keyOf('now'), () => clock.now()) as number),
    random: () => derivedRandom(sourceId, `${path}/random/${count('random')}`),
    patched: (id) => {
      checkName(id);
      return run.patched(id);
    },
  };
}

/** Returns a request to a model as the journal has it: only what was given. */
function modelRequest({ prompt, model, maxTokens, earlier, ...how }: ModelRequest): object {
  const { temperature, seed, stop, responseFormat } = how;
  const sampling = {
    ...(temperature !== undefined && { temperature }),
    ...(seed !== undefined && { seed }),
    ...(stop !== undefined && { stop }),
    ...(responseFormat !== undefined && { response_format: responseFormat }),
  };
  return {
    prompt,
    ...(model !== undefined && { model }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    ...(earlier !== undefined && { earlier }),
    ...(Object.keys(sampling).length > 0 && { sampling }),
  };
}

/** Returns a request to an agent as the journal has it: only what was given. */
function agentRequest({
  prompt,
  instructions,
  model,
  maxTokens,
  tools,
  limits,
  outputSchema,
}: AgentRequest): JobAgentRequest {
  const { steps, tokens, cost, wallMs, identicalCalls } = limits ?? {};
  return {
    prompt,
    ...(instructions !== undefined && { instructions }),
    ...(model !== undefined && { model }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    ...(tools !== undefined && { tools }),
    ...(limits !== undefined && {
      limits: {
        ...(steps !== undefined && { steps }),
        ...(tokens !== undefined && { tokens }),
        ...(cost !== undefined && { cost }),
        ...(wallMs !== undefined && { wall_ms: wallMs }),
        ...(identicalCalls !== undefined && { identical_calls: identicalCalls }),
      },
    }),
    ...(outputSchema !== undefined && { output_schema: JSON.stringify(outputSchema) }),
  };
}

/** Returns a vector of a `JobEmbeddingAnswer`. */
function unpacked(base64: string): readonly number[] {
  const bytes = Buffer.from(base64, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(4 * at));
}

/** Throws JOB_DELAY_INVALID, not retryable, for a wait that is no number or above ten years. */
function checkDelay(ms: number): void {
  if (!(ms <= JOB_DELAY_MS_MAX))
    throw new JobError('JOB_DELAY_INVALID', `a wait of ${ms} ms: expected at most ${JOB_DELAY_MS_MAX}`, {
      retryable: false,
    });
}
