import { z } from 'zod';
import { manifestSchema } from '../../../infra/tools/manifest/manifest.ts';
import { toolCallStatuses } from '../../../projections/tools/queries.ts';
import { TOOL_NAME } from '../../../schemas/contexts/tools.ts';
import { page } from '../../shared/paging.ts';
import { labels } from '../../shared/schemas.ts';

const NAME = 'weather';
const DIGEST = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const CALL_ID = '3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11';

/** Path parameter of a tool. */
export const toolFields = {
  tool: z
    .string()
    .regex(TOOL_NAME, 'Expected lower-case letters, digits, dots, dashes and underscores')
    .meta({ description: 'Name of the tool', examples: [NAME] }),
};

/** Path parameter of a call. */
export const toolCallFields = {
  call_id: z.uuid().meta({ description: 'Id of the call', examples: [CALL_ID] }),
};

const EXAMPLE_MANIFEST = {
  ...{ name: NAME, version: '1.0.0', description: 'The temperature of a city now', adapter: 'declared' },
  ...{ tier: 'declared', effect: 'read' },
  input_schema: {
    ...{ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    additionalProperties: false,
  },
  output_schema: { type: 'object' },
  hosts: [{ host: 'api.weather.example', methods: ['GET'] }],
  config: {
    operation: 'getWeather',
    openapi: {
      ...{ openapi: '3.1.0', servers: [{ url: 'https://api.weather.example' }] },
      paths: {
        '/weather': {
          get: { operationId: 'getWeather', parameters: [{ name: 'city', in: 'query', required: true }] },
        },
      },
    },
  },
};

/** Body of a definition. */
export const putToolBody = z
  .strictObject({
    manifest: manifestSchema,
    signatures: z
      .array(
        z.strictObject({
          keyid: z
            .string()
            .min(1)
            .max(256)
            .meta({ description: 'Name of the key', examples: ['dev-constitution'] }),
          sig: z.base64().max(1_024).meta({ description: 'Signature of the DSSE encoding, base64' }),
        }),
      )
      .min(1)
      .max(16)
      .meta({
        description:
          'Signatures over the canonical JSON of the manifest (DSSE, payload type `application/vnd.khipu.tool+json`)',
      }),
    labels,
  })
  .meta({
    id: 'PutTool',
    examples: [{ manifest: EXAMPLE_MANIFEST, signatures: [{ keyid: 'dev-constitution', sig: 'c2lnbmF0dXJl' }] }],
  });

const name = z.string().meta({ description: 'Name of the tool', examples: [NAME] });
const version = z.int().meta({ description: 'Number of definitions since it was registered, from 1; the ETag' });
const digest = z.string().meta({ description: 'sha256 of the canonical manifest, hex', examples: [DIGEST] });
const time = (description: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `${description}, RFC 3339`, examples: ['2026-02-01T09:00:00.000Z'] });

const summary = {
  name,
  version,
  digest,
  manifest_version: z.string().meta({ description: 'Version that the manifest names', examples: ['1.0.0'] }),
  status: z.enum(['active', 'quarantined']).meta({
    description:
      '`quarantined`: its server changed the definition, and calls are refused until a new version is approved',
    examples: ['active'],
  }),
  description: z.string().meta({ description: 'What the tool does' }),
  adapter: z.string().meta({ description: 'How it is called', examples: ['declared'] }),
  tier: z.string().meta({ description: 'Least isolation of a call', examples: ['declared'] }),
  effect: z.string().meta({ description: 'What a call does outside', examples: ['read'] }),
  changed_at: time('Time of the latest change'),
};

/** Schema of a tool in a list. */
export const toolSummary = z.object(summary).meta({ id: 'ToolSummary' });
export const toolPage = page(toolSummary, 'ToolPage');

/** Schema of a tool. */
export const toolBody = z
  .object({
    ...summary,
    manifest: z.unknown().meta({ description: 'The signed manifest', examples: [EXAMPLE_MANIFEST] }),
    envelope: z.string().meta({ description: 'The manifest with its signatures: a DSSE envelope, JSON' }),
  })
  .meta({ id: 'Tool' });

/** Schema of a version in the history. */
export const toolVersionBody = z
  .object({
    version,
    status: z
      .string()
      .meta({ description: '`registered`, `updated`, `quarantined` or `removed`', examples: ['registered'] }),
    digest: digest.nullable(),
    manifest: z.unknown().meta({ description: 'The manifest; null for a removal', examples: [null] }),
    principal: z.string().meta({ description: 'Who changed it; the code of a quarantine' }),
    decision_id: z.string().meta({ description: 'Decision that allowed it; the call that found a quarantine' }),
    created_at: time('Time of the change'),
  })
  .meta({ id: 'ToolVersion' });
export const toolVersionPage = page(toolVersionBody, 'ToolVersionPage');

/** Body of a call. */
export const executeToolBody = z
  .strictObject({
    arguments: z
      .record(z.string(), z.unknown())
      .default({})
      .meta({
        description: 'Arguments by the input schema of the tool, at most 64 KiB',
        examples: [{ city: 'Cusco' }],
      }),
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .meta({ description: 'Manifest that is meant; 409 when the tool has another one. Any when omitted' }),
    labels,
  })
  .meta({ id: 'ExecuteTool', examples: [{ arguments: { city: 'Cusco' } }] });

/** Body of a check. */
export const checkToolBody = z.strictObject({ labels }).meta({ id: 'CheckTool', examples: [{}] });

/** Body of a question to a server. */
export const connectToolsBody = z
  .strictObject({
    server: z
      .union([
        z.strictObject({
          url: z
            .url({ protocol: /^https?$/ })
            .max(2_000)
            .meta({ description: 'URL of its streamable HTTP', examples: ['https://mcp.example/mcp'] }),
        }),
        z.strictObject({
          command: z
            .array(z.string().max(4_000))
            .min(1)
            .max(64)
            .meta({ description: 'Program with its arguments, which speaks on standard input and output' }),
          files: z
            .record(z.string().regex(/^[\w.-]{1,64}(?:\/[\w.-]{1,64}){0,4}$/), z.string())
            .optional()
            .meta({ description: 'Text files that it finds below `/files`' }),
        }),
      ])
      .optional()
      .meta({ description: 'The server; without one, `tool` names it' }),
    tier: z
      .enum(['process', 'kernel'])
      .optional()
      .meta({ description: 'Isolation of a program; default: `process`', examples: ['process'] }),
    tool: z
      .string()
      .regex(TOOL_NAME)
      .optional()
      .meta({ description: 'A tool of the tenant, whose signed manifest names the server and its credentials' }),
    labels,
  })
  .refine(({ server, tool }) => (server === undefined) !== (tool === undefined), 'Expected server, or tool')
  .meta({ id: 'ConnectTools', examples: [{ server: { url: 'https://mcp.example/mcp' } }] });

/** Schema of a request outside. */
const egressRequestBody = z
  .object({
    method: z.string().meta({ description: 'Method', examples: ['GET'] }),
    host: z
      .string()
      .nullable()
      .meta({
        description: 'Host and port; null for a URL that cannot be read',
        examples: ['api.weather.example:443'],
      }),
    path: z.string().meta({ description: 'Path; segments that may be ids or secrets are `*`', examples: ['/weather'] }),
    path_digest: z.string().meta({ description: 'sha256 of path and query, hex', examples: [DIGEST] }),
    address: z
      .string()
      .nullable()
      .meta({ description: 'Address of the connection; null when none was made', examples: ['192.0.2.1'] }),
    status: z
      .int()
      .nullable()
      .meta({ description: 'Status of the answer; null without one', examples: [200] }),
    request_bytes: z.int().meta({ description: 'Bytes of the body that was sent' }),
    response_bytes: z.int().meta({ description: 'Bytes of the body that was passed on' }),
    duration_ms: z.int().meta({ description: 'Time of the request, in ms' }),
    outcome: z
      .string()
      .meta({ description: '`answered`, `refused` by the broker, or `failed`', examples: ['answered'] }),
    code: z
      .string()
      .nullable()
      .meta({ description: 'Stable code of a refusal or failure', examples: [null] }),
  })
  .meta({ id: 'EgressRequest' });

/** Schema of an output that is not in the body. */
export const outputContent = z
  .object({
    digest: z.string().meta({ description: 'sha256 of the JSON, hex', examples: [DIGEST] }),
    bytes: z.int().meta({ description: 'Size of the JSON', examples: [3_145_728] }),
    media_type: z.string().meta({ description: 'Always `application/json`', examples: ['application/json'] }),
    url: z.string().meta({ description: 'URL of the JSON', examples: [`/v1/tool-calls/${CALL_ID}/output`] }),
  })
  .meta({ id: 'ToolOutputContent' });

/** Schema of a call. */
export const toolCallBody = z
  .object({
    call_id: z.string().meta({ description: 'Id of the call', examples: [CALL_ID] }),
    tool: name,
    tool_version: z
      .int()
      .nullable()
      .meta({ description: 'Version of the tool; null for a refused call', examples: [1] }),
    digest: digest.nullable(),
    status: z.enum(toolCallStatuses).meta({
      description: '`unknown`: it may have taken effect, and is not tried again',
      examples: ['succeeded'],
    }),
    principal: z.string().meta({ description: 'Who asked' }),
    effect: z
      .string()
      .nullable()
      .meta({ description: 'What it does outside', examples: ['read'] }),
    code: z
      .string()
      .nullable()
      .meta({ description: 'Stable code of a failure or refusal', examples: [null] }),
    detail: z
      .string()
      .nullable()
      .meta({ description: 'One sentence about the end', examples: ['The call succeeded.'] }),
    output: z.unknown().meta({
      description: 'Output by the output schema of the tool; null without one, and above 64 KB',
      examples: [{ celsius: 14 }],
    }),
    output_content: outputContent
      .nullable()
      .meta({ description: 'An output above 64 KB, which has null in this body then', examples: [null] }),
    output_preview: z
      .string()
      .nullable()
      .meta({ description: 'Beginning of the JSON of such an output, at most 8 KB; else null', examples: [null] }),
    verified: z.boolean().meta({ description: 'True when a look-up gave the outcome' }),
    tier: z
      .string()
      .nullable()
      .meta({ description: 'Isolation of the call', examples: ['declared'] }),
    walls: z.array(z.string()).meta({ description: 'Walls around the call', examples: [['egress-broker']] }),
    attempt: z
      .int()
      .nullable()
      .meta({ description: 'Runs of the call', examples: [1] }),
    latency_ms: z.int().nullable().meta({ description: 'Time of the last run, in ms' }),
    requests: z.array(egressRequestBody).meta({ description: 'Requests outside, in order; at most 32' }),
    cost: z
      .string()
      .nullable()
      .meta({ description: 'Cost, in the currency of the platform', examples: ['0.000000000'] }),
    labels: z.array(z.string()).meta({ description: 'Labels of the output', examples: [[]] }),
    decision_id: z.string().nullable().meta({ description: 'Decision on the call' }),
    created_at: time('Time of the request'),
    started_at: time('Time at which a worker began it; null before'),
    ended_at: time('Time of the end; null before'),
  })
  .meta({ id: 'ToolCall' });
export const toolCallPage = page(toolCallBody, 'ToolCallPage');

/** Schema of a call that has ended this moment. */
export const toolCallEndedBody = toolCallBody
  .pick({
    ...{ call_id: true, tool: true, status: true, code: true, detail: true, output: true, verified: true, tier: true },
    ...{
      output_content: true,
      output_preview: true,
      walls: true,
      attempt: true,
      latency_ms: true,
      requests: true,
      cost: true,
      labels: true,
    },
    ended_at: true,
  })
  .meta({ id: 'ToolCallEnded' });

/** Schema of a call that waits for an approval. */
export const toolCallWaitingBody = z
  .object({
    call_id: z.string().meta({ description: 'Id of the call', examples: [CALL_ID] }),
    tool: name,
    status: z.literal('waiting').meta({ description: 'Always `waiting`' }),
    approval_id: z.string().meta({ description: 'Approval that it waits for', examples: [CALL_ID] }),
    digest: z.string().meta({ description: 'What an approval is bound to', examples: [DIGEST] }),
    required: z.int().meta({ description: 'Approvals that it needs', examples: [1] }),
    expires_at: time('Time at which the approval expires'),
  })
  .meta({ id: 'ToolCallWaiting' });

/** Schema of the health of a tool. */
export const toolHealthBody = z
  .object({
    tool: name,
    status: z.enum(['healthy', 'degraded', 'failing', 'stopped', 'quarantined', 'unused']).meta({
      description:
        '`healthy`: the latest calls succeeded. `degraded`: some did not. `failing`: none did. `stopped`: a kill switch is engaged. `quarantined`: its server changed the definition. `unused`: no call has ended',
    }),
    detail: z.string().meta({ description: 'One sentence', examples: ['20 of the latest 20 calls succeeded.'] }),
    last_succeeded_at: time('Time of the latest success'),
    last_failed_at: time('Time of the latest end without success'),
  })
  .meta({ id: 'ToolHealth' });

/** Fields that a 202 of a call adds. */
export const pendingCall = {
  id: 'ToolCallPending',
  shape: { call_id: z.string().meta({ description: 'Id of the call', examples: [CALL_ID] }) },
};
/** Fields that a 202 of a definition adds. */
export const pendingTool = { id: 'ToolPending', shape: { tool: name } };
