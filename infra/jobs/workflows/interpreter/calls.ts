/** Calls: tools, agents, models and jobs, each a governed command of the job. */

import type { AgentRequest } from '../../sdk/context.ts';
import { uriOf, type Variables } from '../expressions/evaluate.ts';
import type { CallTask } from '../types.ts';
import { fault } from './faults.ts';
import { type Flow, nameOf, type Scope } from './flow.ts';

type Given = Readonly<Record<string, unknown>>;
type Limits = NonNullable<AgentRequest['limits']>;

/** Makes a call and returns its result. */
export async function called(
  flow: Flow,
  task: CallTask,
  input: unknown,
  { ctx, at }: Scope,
  variables: Variables,
): Promise<unknown> {
  const name = nameOf(at);
  if (task.call === 'http') return ctx.tool('http.fetch', httpRequest(flow, task, input, variables), { name });
  const given = flow.filled(task.with ?? {}, input, variables) as Given;
  const text = (field: string): string => {
    const value = given[field];
    if (typeof value === 'string') return value;
    throw fault('validation', at, `${field} of call ${task.call} is no text.`);
  };
  switch (task.call) {
    case 'tool':
      return ctx.tool(text('tool'), given['arguments'] ?? {}, { name });
    case 'job':
      return ctx.child(text('type'), given['input'] ?? {}, { name });
    case 'model':
      return ctx.model({ ...optional(given), prompt: text('prompt'), name });
    case 'agent': {
      const { agent, instructions, tools, limits, output_schema: outputSchema } = given;
      const answer = await ctx.agent({
        ...{ ...optional(given), prompt: text('prompt'), name },
        ...(typeof agent === 'string' && { agent }),
        ...(typeof instructions === 'string' && { instructions }),
        ...(Array.isArray(tools) && { tools: tools.map(String) }),
        ...(limits !== undefined && { limits: limitsOf(limits as Given) }),
        ...(outputSchema !== undefined && { outputSchema: outputSchema as object }),
      });
      return outputSchema === undefined ? answer : { ...answer, result: JSON.parse(answer.text) as unknown };
    }
    default:
      return ctx.tool(task.call, given, { name });
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
