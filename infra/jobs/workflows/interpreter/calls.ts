/** Calls: tools, agents, models and jobs, each a governed command of the job. */

import type { CallTask } from '../../../../schemas/contexts/workflows/document.ts';
import type { AgentRequest } from '../../sdk/context.ts';
import { uriOf, type Variables } from '../expressions/evaluate.ts';
import { fault } from './faults.ts';
import { type Flow, nameOf, type Scope } from './flow.ts';
import { agentWorst, metered, modelWorst } from './metered.ts';

type Given = Readonly<Record<string, unknown>>;
type Limits = NonNullable<AgentRequest['limits']>;

/** Makes a call and returns its result. */
export async function called(
  flow: Flow,
  task: CallTask,
  input: unknown,
  { ctx, at, purse }: Scope,
  variables: Variables,
): Promise<unknown> {
  const name = nameOf(at);
  const once = <T>(work: () => Promise<T>): Promise<T> => metered(purse, { calls: 1n }, work);
  if (task.call === 'http') {
    const request = httpRequest(flow, task, input, variables);
    return once(() => ctx.tool('http.fetch', request, { name }));
  }
  const given = flow.filled(task.with ?? {}, input, variables) as Given;
  const text = (field: string): string => {
    const value = given[field];
    if (typeof value === 'string') return value;
    throw fault('validation', at, `${field} of call ${task.call} is no text.`);
  };
  switch (task.call) {
    case 'tool': {
      const tool = text('tool');
      return once(() => ctx.tool(tool, given['arguments'] ?? {}, { name }));
    }
    case 'job': {
      const type = text('type');
      return once(() => ctx.child(type, given['input'] ?? {}, { name }));
    }
    case 'model': {
      const request = { ...optional(given), prompt: text('prompt'), name };
      return metered(purse, modelWorst(flow, request, { purse, at }), () => ctx.model(request));
    }
    case 'agent': {
      const { agent, instructions, tools, limits: asked, output_schema: outputSchema } = given;
      const { limits, worst } = agentWorst(purse, asked === undefined ? undefined : limitsOf(asked as Given));
      const request = {
        ...{ ...optional(given), prompt: text('prompt'), name },
        ...(typeof agent === 'string' && { agent }),
        ...(typeof instructions === 'string' && { instructions }),
        ...(Array.isArray(tools) && { tools: tools.map(String) }),
        ...(limits !== undefined && { limits }),
        ...(outputSchema !== undefined && { outputSchema: outputSchema as object }),
      };
      const answer = await metered(purse, worst, () => ctx.agent(request));
      return outputSchema === undefined ? answer : { ...answer, result: JSON.parse(answer.text) as unknown };
    }
    default:
      return once(() => ctx.tool(task.call, given, { name }));
  }
}

function optional({ model, max_tokens: maxTokens }: Given) {
  return {
    ...(typeof model === 'string' && { model }),
    ...(typeof maxTokens === 'number' && { maxTokens }),
  };
}

const limitsOf = ({ wall_ms: wallMs, identical_calls: identicalCalls, ...limits }: Given): Limits =>
  ({
    ...limits,
    ...(wallMs !== undefined && { wallMs }),
    ...(identicalCalls !== undefined && { identicalCalls }),
  }) as Limits;

/** Returns the arguments of http.fetch: the members of the URI in braces are filled in from the data. */
function httpRequest(flow: Flow, { with: given = {} }: CallTask, input: unknown, variables: Variables): object {
  const { method, endpoint, body, query } = given;
  const uri = typeof endpoint === 'string' ? endpoint : (endpoint as { readonly uri?: unknown }).uri;
  const url = uriOf(flow.ports.jq, String(uri), input, variables);
  const asked = flow.transformed(query ?? {}, input, variables);
  const search = new URLSearchParams(
    Object.entries((asked ?? {}) as Given).map(([key, value]): [string, string] => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ).toString();
  return {
    url: search === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${search}`,
    method: String(method).toUpperCase(),
    ...(body !== undefined && { body: flow.filled(body, input, variables) }),
  };
}
