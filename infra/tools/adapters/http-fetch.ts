import { z } from 'zod';
import { argumentsOf } from './arguments.ts';
import { declaredAudit } from './declared.ts';
import { type HttpToolParts, outputOf, requireSuccess, toolHttp } from './http-client.ts';
import type { ToolAdapter } from './port.ts';

const argumentsSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  method: z
    .string()
    .regex(/^[A-Z]+$/)
    .default('GET'),
  body: z.unknown().optional(),
});

/** Returns the built-in adapter that sends one request to a host of the manifest: `url`, and `method` and a JSON `body` if wanted. */
export const httpFetchAdapter = (parts: HttpToolParts): ToolAdapter => ({
  name: 'http.fetch',
  audit: declaredAudit,
  health: async () => ({ ok: true, detail: 'egress-broker' }),
  connect(manifest, tenantId) {
    const http = toolHttp(manifest, tenantId, parts);
    return {
      ...http,
      verify: null,
      async execute(run) {
        const { url, method, body } = argumentsOf(argumentsSchema, run);
        const json = body === undefined ? null : JSON.stringify(body);
        const headers: Record<string, string> = json === null ? {} : { 'content-type': 'application/json' };
        const response = await http.send({ url, method, headers, body: json }, run);
        requireSuccess(response);
        return { output: outputOf(response) };
      },
    };
  },
});
