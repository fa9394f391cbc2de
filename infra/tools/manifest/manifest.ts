import { z } from 'zod';
import { APPROVAL_MS_MAX, APPROVAL_MS_MIN, APPROVALS_REQUIRED_MAX } from '../../../schemas/contexts/approvals.ts';
import { DECLARED_LABELS_MAX, LABEL } from '../../../schemas/contexts/policy/labels.ts';
import {
  TOOL_NAME,
  TOOL_OUTPUT_BYTES_DEFAULT,
  TOOL_OUTPUT_BYTES_MAX,
  TOOL_OUTPUT_INLINE_BYTES_MAX,
  TOOL_TIMEOUT_MS_DEFAULT,
  TOOL_TIMEOUT_MS_MAX,
  toolEffects,
  toolTiers,
} from '../../../schemas/contexts/tools.ts';
import { schemaProblem } from './json-schema.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const jsonSchema = z.record(z.string(), z.unknown()).superRefine((schema, context) => {
  const problem = schemaProblem(schema);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

const host = z
  .string()
  .regex(/^(?:\*\.)?[a-z0-9.[\]:-]{1,253}$/, 'a host name in lower case, with a port if not the usual one');

const labels = z
  .array(z.string().regex(LABEL, 'a label: lower-case letters, digits, . _ -; at most 64'))
  .max(DECLARED_LABELS_MAX);

/** The signed manifest. Unknown fields are rejected: a limit that nothing enforces must not appear to hold. */
export const manifestSchema = z
  .strictObject({
    name: z
      .string()
      .regex(TOOL_NAME, 'Expected lower-case letters, digits, dots, dashes and underscores')
      .meta({
        description: 'Name of the tool in its tenant',
        examples: ['weather'],
      }),
    version: z
      .string()
      .regex(/^[0-9a-z][0-9a-z.+-]{0,63}$/)
      .meta({
        description: 'Version of the manifest; a change takes a new one',
        examples: ['1.0.0'],
      }),
    description: z
      .string()
      .min(1)
      .max(2_000)
      .meta({
        description: 'What the tool does, for people and models',
        examples: ['The temperature of a city now'],
      }),
    adapter: z
      .string()
      .regex(/^[a-z][a-z0-9.-]{0,31}$/)
      .meta({
        description:
          'How it is called: `declared`, an HTTP API by its OpenAPI document; `http.fetch`, one request; `program`, code of the manifest; `code.run`, code of the caller; `mcp`, one tool of an MCP server; `sql.query`, one query that reads; `files`, texts of a workspace; `khipu.memory`, memories',
        examples: ['declared'],
      }),
    tier: z.enum(toolTiers).meta({
      description: 'Least isolation that a call runs in; a worker without it refuses the call',
      examples: ['declared'],
    }),
    effect: z.enum(toolEffects).meta({
      description: '`read`: none. `write`: the same for one Idempotency-Key. `irreversible`: a call runs at most once',
      examples: ['read'],
    }),
    input_schema: jsonSchema.meta({
      description: 'JSON Schema 2020-12 of the arguments, at most 32 KiB',
      examples: [{ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }],
    }),
    output_schema: jsonSchema.meta({
      description: 'JSON Schema 2020-12 of the output, at most 32 KiB',
      examples: [{ type: 'object' }],
    }),
    hosts: z
      .array(
        z.strictObject({
          host: host.meta({ description: 'Host that calls may reach', examples: ['api.weather.example'] }),
          methods: z.array(z.enum(METHODS)).min(1).meta({ description: 'Methods that are allowed there' }),
          scheme: z.enum(['https', 'http']).optional().meta({ description: 'Default: https' }),
        }),
      )
      .max(16)
      .meta({ description: 'Hosts that calls may reach; every other one is refused' }),
    credentials: z
      .array(
        z.strictObject({
          name: z
            .string()
            .regex(TOOL_NAME)
            .meta({
              description: 'Name of the secret among those that the operator keeps for the tenant',
              examples: ['weather-key'],
            }),
          host: host.meta({ description: 'Host that gets it', examples: ['api.weather.example'] }),
          header: z
            .string()
            .regex(/^[A-Za-z0-9-]{1,64}$/)
            .optional()
            .meta({ description: 'Header that carries it; default: `authorization`' }),
          prefix: z
            .string()
            .regex(/^[\x20-\x7e]{0,32}$/)
            .optional()
            .meta({ description: 'Text before it; default: `Bearer ` in `authorization`' }),
          oauth: z
            .strictObject({
              issuer: z
                .url({ protocol: /^https?$/ })
                .max(500)
                .meta({
                  description:
                    'Authorization server that issues its tokens; its host is in `hosts`. No other one is asked',
                  examples: ['https://login.tracker.example'],
                }),
              scope: z
                .string()
                .regex(/^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/)
                .max(500)
                .optional()
                .meta({ description: 'Scopes that are asked for; default: those that the server asks for' }),
            })
            .optional()
            .meta({
              description:
                'Of an MCP server over HTTP: the secret is a client of OAuth 2.1, and the credential is an access token of it',
            }),
        }),
      )
      .max(16)
      .optional()
      .meta({ description: 'Secrets by name, attached outside of the tool: neither caller nor tool sees them' }),
    labels: z
      .strictObject({
        in: labels.optional().meta({ description: 'Labels that the data of a call may have; any when omitted' }),
        out: labels.optional().meta({ description: 'Labels of the output' }),
      })
      .optional()
      .meta({ description: 'Labels of its data' }),
    approval: z
      .strictObject({
        required: z
          .int()
          .min(1)
          .max(APPROVALS_REQUIRED_MAX)
          .meta({ description: 'Principals that must approve each call, never its caller', examples: [1] }),
        expires_ms: z
          .int()
          .min(APPROVAL_MS_MIN)
          .max(APPROVAL_MS_MAX)
          .optional()
          .meta({ description: 'Time to its expiry, in ms; default: one hour', examples: [600_000] }),
      })
      .optional()
      .meta({ description: 'Approvals that a call needs, where the constitution asks for less' }),
    limits: z
      .strictObject({
        timeout_ms: z
          .int()
          .min(100)
          .max(TOOL_TIMEOUT_MS_MAX)
          .optional()
          .meta({
            description: `Longest time of one run, in ms; default: ${TOOL_TIMEOUT_MS_DEFAULT}`,
            examples: [5_000],
          }),
        max_response_bytes: z
          .int()
          .min(1)
          .max(TOOL_OUTPUT_BYTES_MAX)
          .optional()
          .meta({
            description: `Largest answer, in bytes; default: ${TOOL_OUTPUT_BYTES_DEFAULT}. An output above ${TOOL_OUTPUT_INLINE_BYTES_MAX} is read from \`/v1/tool-calls/{call_id}/output\``,
            examples: [65_536],
          }),
        calls_per_minute: z
          .int()
          .min(1)
          .max(1_000_000)
          .optional()
          .meta({
            description:
              'Runs of calls in a minute, of all callers; a further one ends the call with TOOL_RATE_LIMITED',
            examples: [600],
          }),
        cost: z
          .string()
          .regex(/^\d{1,8}(?:\.\d{1,9})?$/)
          .optional()
          .meta({
            description: 'Cost of one call, in the currency of the platform; default: 0, which no budget limits',
            examples: ['0.001'],
          }),
      })
      .optional()
      .meta({ description: 'Limits of a call' }),
    verify: z
      .strictObject({
        operation: z
          .string()
          .min(1)
          .max(200)
          .meta({
            description:
              'Operation (GET) that finds the effect of a call: 2xx when it took place, 404 when not. It gets the arguments and `idempotency_key`',
            examples: ['getPayment'],
          }),
      })
      .optional()
      .meta({ description: 'How an unknown outcome is looked up' }),
    config: z.record(z.string(), z.unknown()).optional().meta({
      description:
        'Settings of the adapter; of `declared`: `openapi`, the document, and `operation`; of `program`: `language` and `code`, or `argv`; of `mcp`: `url` or `command`, `tool` and `definition`; of `sql.query`: `database` and `max_rows`; of `files`: `quota_bytes` and `files_max`; of `khipu.memory`: `spaces` and `actions`',
    }),
  })
  .superRefine(({ adapter, config, hosts, credentials = [] }, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path: ['credentials', ...path], message });
    for (const [nth, { host: of, oauth, header: named, prefix }] of credentials.entries()) {
      if (!hosts.some((each) => each.host === of)) issue([nth, 'host'], `${of} is not in hosts`);
      if (oauth === undefined) continue;
      // An issuer that is no URL has an issue at its field already.
      const issuer = URL.canParse(oauth.issuer) ? new URL(oauth.issuer).host : null;
      if (issuer !== null && !hosts.some((each) => each.host === issuer))
        issue([nth, 'oauth', 'issuer'], `${issuer} is not in hosts`);
      if (adapter !== 'mcp' || typeof config?.['url'] !== 'string')
        issue([nth, 'oauth'], 'only an MCP server over HTTP takes tokens of OAuth');
      if (named !== undefined || prefix !== undefined)
        issue([nth, 'oauth'], 'an access token is sent as Bearer in authorization');
    }
    if (credentials.filter(({ oauth }) => oauth !== undefined).length > 1)
      issue([], 'a server has one credential of OAuth');
  })
  .meta({ id: 'ToolManifest' });

/** The manifest of a tool. */
export type Manifest = z.infer<typeof manifestSchema>;
