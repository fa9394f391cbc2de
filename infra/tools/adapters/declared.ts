import { z } from 'zod';
import { type EffectKnown, ToolError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type HttpToolParts, outputOf, requireSuccess, toolHttp } from './http-client.ts';
import { operationOf, requestFor } from './openapi.ts';
import type { ToolAdapter, ToolAudit, ToolRun } from './port.ts';

const configSchema = z.strictObject({ openapi: z.unknown(), operation: z.string().min(1).max(200) });

const invalid = (detail: string): ToolError => new ToolError('TOOL_INVALID', detail, { effect: 'none' });

/** Returns the walls of a tool that runs no code: its requests leave by the broker alone. Rejects with SANDBOX_UNAVAILABLE for any other tier. */
export async function declaredAudit({ tier }: Manifest): Promise<ToolAudit> {
  if (tier === 'declared') return { tier, walls: ['egress-broker'] };
  throw new ToolError('SANDBOX_UNAVAILABLE', `A call of the tier ${tier} cannot run here`, { effect: 'none' });
}

/** Returns the adapter for an HTTP API that its OpenAPI document declares: no code of the tool runs. */
export const declaredAdapter = (parts: HttpToolParts): ToolAdapter => ({
  name: 'declared',
  audit: declaredAudit,
  health: async () => ({ ok: true, detail: 'egress-broker' }),
  connect(manifest, tenantId) {
    const config = configSchema.safeParse(manifest.config);
    if (!config.success) throw invalid('config: expected openapi and operation');
    const { openapi, operation: id } = config.data;
    const operation = operationOf(openapi, id);
    const check = manifest.verify === undefined ? null : operationOf(openapi, manifest.verify.operation);
    if (check !== null && check.method !== 'GET') throw invalid('verify.operation: expected one of method GET');
    const http = toolHttp(manifest, tenantId, parts);
    return {
      ...http,
      async execute(run) {
        const response = await http.send(requestFor(operation, run.arguments), run);
        requireSuccess(response);
        return { output: outputOf(response) };
      },
      verify:
        check === null
          ? null
          : async (run: ToolRun): Promise<EffectKnown> => {
              const names = new Set(check.parameters.map(({ name }) => name));
              const all = { ...run.arguments, idempotency_key: run.idempotencyKey };
              const given = Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
              const response = await http.send(requestFor(check, given), run);
              if (response.status === 404) return 'none';
              return response.status >= 200 && response.status < 300 ? 'done' : 'unknown';
            },
    };
  },
});
