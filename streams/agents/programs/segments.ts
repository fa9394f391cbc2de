/** Segments of programs: each runs from the answer of one call to the next call, or to the end. */

import { agentCallId, functionNameOf } from '../../../schemas/contexts/agents.ts';
import { refusalOf } from '../../../schemas/contexts/policy/denial.ts';
import {
  type AgentCall,
  type AgentTool,
  agentStepCompleted,
  agentStepStarted,
  type PolicyDecided,
  type ProgramFunction,
  type ProgramSegmentEnded,
  type RunAgentProgram,
  runProgramSegment,
} from '../../../schemas/generated/records.ts';
import { completed, failed } from '../ends.ts';
import { inTurn } from '../in-turn.ts';
import type { At } from '../inputs.ts';
import { requestIdOf } from '../keys.ts';
import type { Output, Run } from '../state.ts';
import { ask, called } from '../steps.ts';

const NO_TOKENS = { prompt: 0, completion: 0 };
const NO_COST = '0.000000000';

/** Reasons for which answers end, by the outcome of a segment. */
const FINISH: Readonly<Record<string, string>> = { paused: 'tool_calls', completed: 'stop' };

/** Decides on a request to run a segment. One that the run waits for no more is not made. */
export function programAllowed(run: Run, command: RunAgentProgram, decided: PolicyDecided): readonly Output[] {
  const { runId, callId: requestId, step } = command;
  const { program, spec } = run;
  if (program === undefined || run.phase !== 'asking' || requestId !== requestIdOf(runId, run)) return [];
  const { decision, labels } = decided;
  if (decision.outcome === 'deny') {
    const { code, detail } = refusalOf(decided);
    // The segment was not run.
    return failed({ ...run, step: step - 1 }, runId, code, detail);
  }
  const { snapshot, given } = program;
  return [
    agentStepStarted({ runId, step, requestId, labels, decisionId: decision.decisionId }),
    runProgramSegment({
      ...{ runId, requestId, step, snapshot, code: snapshot === null ? (spec.program ?? '') : null },
      ...{ input: 'input' in given ? given.input : '', answer: 'answer' in given ? given.answer : null },
      ...{ error: 'error' in given ? given.error : null, functions: spec.tools.map(functionOf) },
    }),
  ];
}

/** Returns a tool as a program calls it: its arguments have the order of the properties of their schema. */
function functionOf({ modelName, parameters: schema }: AgentTool): ProgramFunction {
  const name = functionNameOf(modelName);
  try {
    const { properties } = JSON.parse(schema) as { readonly properties?: unknown };
    return { name, parameters: Object.keys(properties ?? {}) };
  } catch {
    return { name, parameters: [] };
  }
}

/** Decides on the end of a segment: its call begins, or the run ends. A repeat changes nothing. */
export function segmentEnded(run: Run, end: ProgramSegmentEnded, at: At): readonly Output[] {
  const { runId, requestId, outcome, printed, snapshot, interpreter: modelId, latencyMs } = end;
  const { program, step } = run;
  if (program === undefined || run.phase !== 'asked' || requestId !== requestIdOf(runId, run)) return [];
  const calls = callsOf(run, end);
  return inTurn(
    run,
    () => [
      agentStepCompleted({
        ...{ runId, step, requestId, text: printed, calls, callsLeftOut: 0, modelId, latencyMs, snapshot },
        ...{ finishReason: FINISH[outcome] ?? 'error', tokensConsumed: NO_TOKENS, cost: NO_COST },
        moderation: null,
      }),
    ],
    (after) => (calls.length === 0 ? concluded(after, end, at) : called(after, runId, at)),
    (after) => (after.phase === 'asking' ? ask(after, runId) : []),
  );
}

function callsOf({ step, spec: { tools } }: Run, end: ProgramSegmentEnded): readonly AgentCall[] {
  const { runId, outcome, function: name, arguments: given } = end;
  if (outcome !== 'paused' || name === null) return [];
  const tool = tools.find(({ modelName }) => functionNameOf(modelName) === name);
  const callId = agentCallId(runId, step, 0);
  return [{ callId, modelCallId: `call_${step}`, modelName: name, tool: tool?.name ?? null, arguments: given ?? '{}' }];
}

/** Ends a run with what its program gave: a value that fits the schema of the result, or its error. */
function concluded(run: Run, { runId, outcome, value, code, detail }: ProgramSegmentEnded, at: At): readonly Output[] {
  if (outcome !== 'completed') return failed(run, runId, code ?? 'PROGRAM_FAILED', detail);
  const { outputSchema } = run.spec;
  let result: unknown;
  try {
    result = JSON.parse(value ?? 'null');
  } catch {
    return failed(run, runId, 'PROGRAM_FAILED', 'The value of the program is not JSON.');
  }
  const problems = outputSchema === null ? [] : at.problemsOf(outputSchema, result);
  if (problems.length > 0) return failed(run, runId, 'SCHEMA_VIOLATION', problems.slice(0, 5).join('; '));
  return completed(run, runId, JSON.stringify({ value: result, printed: run.program?.printed ?? '' }));
}
