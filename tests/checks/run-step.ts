import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { projectRoot } from './files.ts';
import type { Step } from './steps.ts';

export interface StepResult {
  readonly step: Step;
  readonly ok: boolean;
  readonly seconds: number;
  readonly logPath: string;
}

/** Of a step that yields: a quarter of the processor where another step wants all of it. */
const NICENESS = 5;
const behind = ({ command, args }: Step): [string, readonly string[]] => [
  'nice',
  ['-n', String(NICENESS), command, ...args],
];

const logsFolder = join('.khipu', 'logs');
const children = new Set<ReturnType<typeof spawn>>();
/** True after a signal: steps get time to stop their processes, then the runner ends. */
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    stopping = true;
    for (const child of children) child.kill('SIGTERM');
  });

/**
 * Runs one step with its output in `.khipu/logs/test-<step>.log`. Never rejects: a command that cannot start counts as
 * failed.
 */
export async function runStep(step: Step): Promise<StepResult> {
  await mkdir(join(projectRoot, logsFolder), { recursive: true });
  const logPath = join(logsFolder, `test-${step.name}.log`);
  const log = createWriteStream(join(projectRoot, logPath));
  const startedMs = performance.now();
  const ok = await new Promise<boolean>((resolve) => {
    const [command, args] = step.yields === true ? behind(step) : [step.command, step.args];
    const child = spawn(command, args, {
      cwd: projectRoot,
      env: {
        ...process.env,
        PATH: [join(projectRoot, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
        NO_COLOR: '1',
        FORCE_COLOR: undefined,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once('error', (error) => {
      log.write(`${error.message}\n`);
      resolve(false);
    });
    child.once('close', (code) => {
      children.delete(child);
      if (stopping && children.size === 0) process.exit(130);
      resolve(code === 0);
    });
  });
  await new Promise<void>((resolve) => log.end(resolve));
  return { step, ok, seconds: (performance.now() - startedMs) / 1000, logPath };
}

/** Returns the end of a log, which a person reads first after a failure. */
export function lastLines(logPath: string, linesMax = 80): string {
  const lines = readFileSync(join(projectRoot, logPath), 'utf8').trimEnd().split('\n');
  const shown = lines.slice(-linesMax).map((line) => `    ${line}`);
  return lines.length > linesMax
    ? [`    … ${lines.length - linesMax} lines above in ${logPath}`, ...shown].join('\n')
    : shown.join('\n');
}
