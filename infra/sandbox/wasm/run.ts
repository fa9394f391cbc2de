import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SandboxCode, SandboxError } from '../errors.ts';
import type { Language, SandboxLimits, SandboxRequest, SandboxResult } from '../port.ts';
import { sandboxUid } from '../process/host.ts';
import type { Mount, ProcessPlan } from '../process/plan.ts';
import { isProcessTierThere } from '../process/probe.ts';
import { planOf, runPlan, SANDBOXED_NODE } from '../process/run.ts';
import { endOf } from '../result.ts';
import { makeStage } from '../stage.ts';
import { supervise } from '../supervise.ts';
import type { Answer, Job, Segment } from './protocol.ts';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

const INSIDE = '/runtime/lib';
const MEBIBYTE = 1_024 * 1_024;
/** Of Node and an interpreter without a program. */
const OWN_MEMORY_BYTES = 192 * MEBIBYTE;
const OWN_RESERVED_BYTES = 1_024 * MEBIBYTE;
const OWN_CPU_MS = 2_000;
const OWN_PROCESSES = 32;
/** Text of an answer beside what was printed: its value and JSON. */
const ANSWER_BYTES = 4 * MEBIBYTE;
/** JSON writes a character as six at most. */
const JSON_GROWTH = 6;

const PACKAGES: Readonly<Record<Language, readonly string[]>> = {
  javascript: ['@jitl/quickjs-wasmfile-release-sync', '@jitl/quickjs-ffi-types', 'quickjs-emscripten-core'],
  python: ['@pydantic/monty', `@pydantic/monty-${process.platform}-${process.arch}-gnu`],
};

/** Returns the folder of a package, wherever it is installed; null when it is not. */
function packageFolder(name: string): string | null {
  for (const folder of require.resolve.paths(name) ?? [])
    try {
      readFileSync(join(folder, name, 'package.json'));
      return join(folder, name);
    } catch {
      // The next folder above may have it.
    }
  return null;
}

/** Returns the reason for which a language cannot be run; null when it can. */
export function missingInterpreter(language: Language): string | null {
  const missing = PACKAGES[language].find((name) => packageFolder(name) === null && name !== '@jitl/quickjs-ffi-types');
  return missing === undefined ? null : `the package ${missing} is not installed`;
}

/** Returns name and version of an interpreter. */
export function interpreterVersion(language: Language): string {
  const name = language === 'javascript' ? 'quickjs-emscripten-core' : '@pydantic/monty';
  const { version } = JSON.parse(readFileSync(join(packageFolder(name) ?? '', 'package.json'), 'utf8')) as {
    version: string;
  };
  return `${language === 'javascript' ? 'QuickJS' : 'Monty'} ${version}`;
}

/** Limits of the child: those of the program, and what the interpreter needs itself. */
const childLimits = (limits: SandboxLimits): SandboxLimits => ({
  ...limits,
  cpuMs: limits.cpuMs + OWN_CPU_MS,
  memoryBytes: limits.memoryBytes + OWN_MEMORY_BYTES,
  processes: OWN_PROCESSES,
  outputBytes: limits.outputBytes * JSON_GROWTH + ANSWER_BYTES,
});

const CODES = {
  program: 'SANDBOX_PROGRAM_FAILED',
  cpu: 'SANDBOX_CPU_EXCEEDED',
  memory: 'SANDBOX_MEMORY_EXCEEDED',
  output: 'SANDBOX_OUTPUT_EXCEEDED',
} as const satisfies Record<string, SandboxCode>;

/** Returns the answer of a child; null for text that is none. */
function answerIn(text: string): Answer | null {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return null;
  }
}

function resultOf(child: SandboxResult, language: Language): SandboxResult {
  const walls = {
    ...child.walls,
    tier: 'wasm',
    by: `${interpreterVersion(language)}${child.walls.namespaces.length > 0 ? ` in ${child.walls.by}` : ''}`,
  } as const;
  const answer = child.error === null ? answerIn(child.output) : null;
  if (answer === null) {
    const error = child.error ?? { code: 'SANDBOX_PROGRAM_FAILED', detail: 'the interpreter ended without an answer' };
    return { ...child, output: '', error, walls };
  }
  const error = answer.error === null ? null : { code: CODES[answer.error.kind], detail: answer.error.detail };
  return {
    ...{ exit: error === null ? 0 : 1, output: answer.output, errors: child.errors, value: answer.value, error, walls },
    usage: { ...child.usage, outputBytes: Buffer.byteLength(answer.output) },
  };
}

/** Runs the child with the walls of the tier `process` around it. */
async function runInside(request: SandboxRequest, language: Language, limits: SandboxLimits): Promise<SandboxResult> {
  const stage = await makeStage(sandboxUid());
  try {
    const mounts: Mount[] = [
      { from: process.execPath, to: SANDBOXED_NODE },
      { from: here, to: `${INSIDE}/wasm` },
      ...PACKAGES[language].flatMap((name) => {
        const from = packageFolder(name);
        return from === null ? [] : [{ from, to: `${INSIDE}/node_modules/${name}` }];
      }),
    ];
    const argv = [SANDBOXED_NODE, '--disable-warning=ExperimentalWarning', `${INSIDE}/wasm/child.ts`];
    const plan: ProcessPlan = planOf(request, limits, { argv, mounts, reservedBytes: OWN_RESERVED_BYTES });
    return await runPlan(plan, request, limits, stage);
  } finally {
    await stage.remove();
  }
}

/** Runs the child on its own: the interpreter is the wall. */
async function runBare(request: SandboxRequest, limits: SandboxLimits): Promise<SandboxResult> {
  const run = await supervise({
    ...{ command: process.execPath, args: ['--disable-warning=ExperimentalWarning', join(here, 'child.ts')], env: {} },
    ...{
      input: request.input ?? '',
      limits,
      processesMax: null,
      descriptors: [],
      diskBytes: null,
      signal: request.signal,
    },
  });
  const none = { namespaces: [], seccomp: false, ownKernel: false, cgroup: null, rlimits: false, uid: null } as const;
  return endOf(run, { ...none, tier: 'wasm', by: '', network: 'none' }, { limits, ranOutOfMemory: false });
}

/**
 * Runs a program in an interpreter without any call to the outside, in a child process; behind the walls of the tier `process`
 * as well where they are there; with `segment`, a part of a program in Python. Rejects with SANDBOX_REQUEST_INVALID for what an interpreter cannot have.
 */
export async function runWasm(
  request: SandboxRequest,
  limits: SandboxLimits,
  segment?: Segment,
): Promise<SandboxResult> {
  const { program, files = {} } = request;
  if ('argv' in program) throw new SandboxError('SANDBOX_REQUEST_INVALID', 'the tier wasm runs code, not a command');
  if (request.workspace !== undefined || request.egressSocket !== undefined)
    throw new SandboxError('SANDBOX_REQUEST_INVALID', 'the tier wasm has no workspace and no network');
  const missing = missingInterpreter(program.language);
  if (missing !== null) throw new SandboxError('SANDBOX_UNAVAILABLE', missing);
  const texts = Object.entries(files).map(([path, content]) => [path, Buffer.from(content).toString()]);
  const job: Job = {
    ...{ ...program, input: request.input ?? '', files: Object.fromEntries(texts) as Record<string, string> },
    ...(segment !== undefined && { segment }),
    ...{ memoryBytes: limits.memoryBytes, cpuMs: limits.cpuMs, outputBytes: limits.outputBytes },
  };
  const child = { ...request, input: JSON.stringify(job), files: {} };
  const bounds = childLimits(limits);
  return resultOf(
    (await isProcessTierThere()) ? await runInside(child, program.language, bounds) : await runBare(child, bounds),
    program.language,
  );
}
