import { z } from 'zod';
import { ToolError } from '../errors.ts';
import type { ToolRun } from './port.ts';

/** Returns the arguments of a run by the schema of a built-in adapter. Throws ToolError TOOL_ARGUMENTS_INVALID. */
export function argumentsOf<Schema extends z.ZodType>(
  schema: Schema,
  run: Pick<ToolRun, 'arguments'>,
): z.infer<Schema> {
  const given = schema.safeParse(run.arguments);
  if (given.success) return given.data;
  throw new ToolError('TOOL_ARGUMENTS_INVALID', z.prettifyError(given.error).replaceAll('\n', ' '), { effect: 'none' });
}
