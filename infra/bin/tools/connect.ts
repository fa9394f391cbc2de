import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { failure } from '../failure.ts';

const manifestShown = z.looseObject({ name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/), description: z.string() });
const offersSchema = z.object({
  server: z.object({ name: z.string(), version: z.string(), protocol: z.string() }),
  tools: z.array(z.object({ tool: z.string(), problem: z.string().nullable(), manifest: manifestShown.nullable() })),
  left_off: z.int(),
});

/** What a server offers, as the gateway answers. */
export type Offers = z.infer<typeof offersSchema>;
export type Offer = Offers['tools'][number];

/** Returns the offers in the output of a call. Throws TOOL_ANSWER_INVALID for any other output. */
export function offersIn(output: unknown): Offers {
  const found = offersSchema.safeParse(output);
  if (!found.success) throw failure('TOOL_ANSWER_INVALID', 'the answer is not one of connect', found.error);
  return found.data;
}

interface Options {
  readonly tool?: string;
  readonly tier?: string;
  readonly file?: readonly string[];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw failure('TOOL_INVALID', `${path}: expected a readable file`, cause);
  }
}

/** Returns the body of the question: a URL, or a program with its files. Throws TOOL_INVALID without a server, and with two. */
export function questionOf(server: readonly string[], { tool, tier, file = [] }: Options): object {
  const [first] = server;
  if ((first === undefined) === (tool === undefined))
    throw failure('TOOL_INVALID', 'expected the URL or the program of a server, or --tool');
  if (first === undefined) return { tool };
  if (server.length === 1 && /^https?:/.test(first)) return { server: { url: first } };
  const files = Object.fromEntries(file.map((path) => [basename(path), textOf(path)]));
  return {
    server: { command: server, ...(file.length > 0 && { files }) },
    ...(tier !== undefined && { tier }),
  };
}

/** Writes the manifest of each offer that has one. Returns the paths; a file that is there is not replaced. */
export function writeManifests(folder: string, { tools }: Offers): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return tools.flatMap(({ manifest }) => {
    if (manifest === null) return [];
    const path = join(folder, `${manifest.name}.json`);
    try {
      writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`, { flag: 'wx' });
    } catch (cause) {
      throw failure('TOOL_INVALID', `${path}: it is there already, or cannot be written`, cause);
    }
    return [path];
  });
}
