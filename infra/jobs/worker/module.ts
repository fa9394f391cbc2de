import { registerHooks } from 'node:module';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../../kit/config-error.ts';
import { messageOf } from '../../kit/errors.ts';
import { type AnyJob, isJob } from '../sdk/job.ts';

/** A queue of workers and the jobs that they have. */
export interface JobQueue {
  readonly queue: string;
  readonly jobs: readonly AnyJob[];
}

const QUEUE = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Name of the worker that runs the built-in jobs, and the beginning of those of users' queues. */
export const JOB_RUNNER = 'job-runner';
/** Returns the name of the worker of a user's queue. */
export const queueWorker = (queue: string): string => `${JOB_RUNNER}.${queue}`;

/** Returns whether an argument of `khipu run worker` is a module. */
export const isModulePath = (text: string): boolean => /[\\/]|\.[cm]?[jt]s$/.test(text);

/** Returns the queue of a module: its base name in lower case, with hyphens for all but letters and digits. */
export const queueOf = (path: string): string =>
  basename(path, extname(path))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/**
 * Loads the jobs that a module exports. Rejects with ConfigError when it cannot be loaded, exports no job or two of one
 * name, or when the name of the queue is none.
 */
export async function loadJobs(path: string, queue: string = queueOf(path)): Promise<JobQueue> {
  if (!QUEUE.test(queue))
    throw new ConfigError(`queue '${queue}': expected at most 63 of a-z, 0-9 and '-', a letter or digit first`);
  const jobs = Object.values(await load(path)).filter(isJob);
  if (jobs.length === 0) throw new ConfigError(`${path}: exports no job; declare one with job() of khipu/jobs`);
  const names = jobs.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new ConfigError(`${path}: exports two jobs with the name ${twice}`);
  return { queue, jobs };
}

/** Packages that a module with jobs may import without having installed them: it gets those of the platform. */
const PROVIDED: ReadonlyMap<string, string> = new Map([
  ['khipu/jobs', new URL('../index.ts', import.meta.url).href],
  ['zod', import.meta.resolve('zod')],
]);

/** Resolves `khipu/jobs` to this platform's, always; `zod` to the module's own, if it has one. */
const provide = (() => {
  let isDone = false;
  return (): void => {
    if (isDone) return;
    isDone = true;
    registerHooks({
      resolve(specifier, context, next) {
        const url = PROVIDED.get(specifier);
        if (url === undefined) return next(specifier, context);
        if (specifier === 'khipu/jobs') return { url, shortCircuit: true };
        try {
          return next(specifier, context);
        } catch {
          return { url, shortCircuit: true };
        }
      },
    });
  };
})();

async function load(path: string): Promise<Record<string, unknown>> {
  provide();
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>;
  } catch (cause) {
    throw new ConfigError(`${path}: ${messageOf(cause)}`);
  }
}
