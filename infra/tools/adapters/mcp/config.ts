import { z } from 'zod';
import { ToolError } from '../../errors.ts';
import type { Manifest } from '../../manifest/manifest.ts';

/** A server over streamable HTTP, at its URL. */
const overHttp = { url: z.url({ protocol: /^https?$/ }).max(2_000) };
/** A server over standard input and output: a program, with files that it finds below `/files`. */
const overStdio = {
  command: z.tuple([z.string().min(1).max(1_000)], z.string().max(4_000)).refine(({ length }) => length <= 64),
  files: z.record(z.string().regex(/^[\w.-]{1,64}(?:\/[\w.-]{1,64}){0,4}$/), z.string()).optional(),
};

/** The server of a tool. */
export const serverSchema = z.union([z.strictObject(overHttp), z.strictObject(overStdio)]);
export type McpServerAddress = z.infer<typeof serverSchema>;

const ofTool = {
  /** Name of the tool at the server. Without it the manifest names a server, which can be asked for what it offers. */
  tool: z.string().min(1).max(256).optional(),
  /** sha256 of the pinned definition, hex. */
  definition: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** What becomes of images, audio and other bytes: `refuse`, the default, or `digest`, which names them by their sha256. */
  media: z.enum(['refuse', 'digest']).optional(),
};
const configSchema = z.union([z.strictObject({ ...overHttp, ...ofTool }), z.strictObject({ ...overStdio, ...ofTool })]);
export type McpConfig = z.infer<typeof configSchema>;

/** Returns the settings of a manifest. Throws ToolError TOOL_INVALID. */
export function mcpConfigOf({ config }: Pick<Manifest, 'config'>): McpConfig {
  const found = configSchema.safeParse(config);
  if (found.success) return found.data;
  const detail = 'config: expected url or command, with tool and definition as `khipu tools connect` writes them';
  throw new ToolError('TOOL_INVALID', detail, { effect: 'none', cause: found.error });
}

/** Returns the server of a tool, without the tool. */
export const addressOf = (config: McpServerAddress): McpServerAddress =>
  'url' in config
    ? { url: config.url }
    : { command: config.command, ...(config.files !== undefined && { files: config.files }) };
