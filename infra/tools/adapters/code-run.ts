import { z } from 'zod';
import { runCode } from '../../sandbox/code-run.ts';
import { languages } from '../../sandbox/port.ts';
import { ToolError } from '../errors.ts';
import { argumentsOf } from './arguments.ts';
import type { ToolAdapter } from './port.ts';
import { limitsOf, ran, sandboxAudit, type TierLacks, tierLacks, tierOf } from './sandboxed.ts';

const argumentsSchema = z.strictObject({ language: z.enum(languages), code: z.string(), input: z.string().optional() });

/**
 * Returns the built-in adapter that runs the code of a caller in the tier of the manifest, without a network: `language`,
 * `code`, and text as `input`. The output has `exit`, `output`, `errors`, `value` and `error`: code that fails has an output
 * as well, so that its author sees why.
 */
export const codeRunAdapter = (lacks: TierLacks = tierLacks): ToolAdapter => ({
  name: 'code.run',
  async audit(manifest) {
    if (manifest.hosts.length > 0)
      throw new ToolError('TOOL_INVALID', 'hosts: code of a caller reaches none', { effect: 'none' });
    return sandboxAudit(manifest, lacks);
  },
  health: async () => ({ ok: true, detail: 'sandboxes' }),
  connect(manifest) {
    const tier = tierOf(manifest);
    return {
      verify: null,
      requests: () => [],
      forget: () => undefined,
      close: async () => undefined,
      async execute(run) {
        const { language, code, input = '' } = argumentsOf(argumentsSchema, run);
        const settings = { tier, limits: limitsOf(run), signal: run.signal };
        const { exit, output, errors, value, error } = await ran(run, () =>
          runCode({ language, code, input }, settings),
        );
        return {
          output: { exit, output, errors, value: value === null ? null : (JSON.parse(value) as unknown), error },
        };
      },
    };
  },
});
