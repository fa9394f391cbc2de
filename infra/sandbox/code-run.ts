import { SandboxError } from './errors.ts';
import { openSandbox } from './open.ts';
import type { Language, SandboxLimits, SandboxResult, Tier } from './port.ts';
import type { Workspace } from './workspace.ts';

/** What a model gives to the built-in program `code.run`. */
export interface CodeRun {
  readonly language: Language;
  /** At most 64 KiB of UTF-8. */
  readonly code: string;
  /** Standard input; in `wasm`, the value of `input`. At most 256 KiB of UTF-8. */
  readonly input?: string;
}

/** What the platform decides about it. */
export interface CodeRunSettings {
  readonly tier: Tier;
  /** Files that outlive the run; not in `wasm`. */
  readonly workspace?: Workspace;
  readonly limits?: Partial<SandboxLimits>;
  readonly signal?: AbortSignal;
}

export interface CodeRunResult extends SandboxResult {
  /** Paths of the workspace after the run; empty without one. */
  readonly files: readonly string[];
}

const CODE_BYTES_MAX = 65_536;
const INPUT_BYTES_MAX = 262_144;

/**
 * Runs the code of a model: the built-in program `code.run`. It has no network. Code that fails is a result with `error`.
 * Rejects like `openSandbox`, and with SANDBOX_REQUEST_INVALID for code or input that is too large.
 */
export async function runCode(
  { language, code, input = '' }: CodeRun,
  settings: CodeRunSettings,
): Promise<CodeRunResult> {
  if (Buffer.byteLength(code) > CODE_BYTES_MAX)
    throw new SandboxError('SANDBOX_REQUEST_INVALID', `code: expected at most ${CODE_BYTES_MAX} bytes`);
  if (Buffer.byteLength(input) > INPUT_BYTES_MAX)
    throw new SandboxError('SANDBOX_REQUEST_INVALID', `input: expected at most ${INPUT_BYTES_MAX} bytes`);
  const { tier, workspace, limits, signal } = settings;
  const result = await openSandbox({
    ...{ tier, program: { language, code }, input },
    ...(workspace !== undefined && { workspace: workspace.folder }),
    ...(limits !== undefined && { limits }),
    ...(signal !== undefined && { signal }),
  });
  return { ...result, files: workspace === undefined ? [] : await workspace.list() };
}
