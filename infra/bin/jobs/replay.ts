import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { JobHistory } from '../../jobs/replay/history.ts';
import type { AnyJob } from '../../jobs/sdk/job.ts';
import { failure } from '../failure.ts';
import { jsonOption, print } from '../show/print.ts';

interface Options {
  readonly module?: string;
  readonly save?: string;
  readonly json?: boolean;
}

/** Registers `khipu jobs replay <job_id>`: runs today's code over a recorded job, without effects. */
export function registerReplay(jobs: Command): void {
  jobs
    .command('replay')
    .description("run today's code over a recorded job, without effects; exit code 1 when it does not fit")
    .argument('<job-id>', 'id of the job')
    .option('--module <file>', 'module that exports the job; without it, a built-in job')
    .option('--save <file>', 'write the history of the job for expectReplays of khipu/jobs, and replay nothing')
    .option(...jsonOption)
    .action(async (jobId: string, options: Options) => {
      const history = await historyFromLog(jobId);
      if (options.save !== undefined) {
        writeFileSync(options.save, `${JSON.stringify(history, null, 2)}\n`);
        print(options.json, { job_id: jobId, file: options.save, entries: history.entries.length }, () => [
          `${history.type} ${jobId}: ${history.entries.length} entries in ${options.save}`,
        ]);
        return;
      }
      const { replayJob } = await import('../../jobs/replay/replay.ts');
      const job = await jobOf(history, options.module);
      const replayed = await replayJob(job, history);
      print(options.json, { job_id: jobId, type: history.type, version: job.version, ...replayed }, () => [
        `${history.type} ${jobId}: ${replayed.entries} entries, recorded by version ${history.version}, replayed by ${job.version}`,
        replayed.difference === null ? `fits; ${replayed.end}` : `differs: ${replayed.difference}`,
      ]);
      if (!replayed.same) process.exitCode = 1;
    });
}

async function historyFromLog(jobId: string): Promise<JobHistory> {
  const { readHistory } = await import('../../jobs/replay/read-history.ts');
  const { withRecords } = await import('../roles/with-log.ts');
  const history = await withRecords(({ log, decoder }) => readHistory(log, decoder, jobId));
  if (history === null) throw failure('JOB_UNKNOWN', `no job ${jobId} in the log`);
  return history;
}

/** Returns the job of a history. Rejects with JOB_TYPE_UNKNOWN when the module does not have it. */
async function jobOf({ type }: JobHistory, module: string | undefined): Promise<AnyJob> {
  const { loadJobs } = await import('../../jobs/worker/module.ts');
  const { builtInJobs } = await import('../../jobs/builtin/all.ts');
  const { capsuleJobs, noUpgrades } = await import('../../capsules/jobs.ts');
  const { noAnomalies, noAudit, noEvaluations, noFiles } = await import('../../jobs/files/no-files.ts');
  const none = {
    ...{ files: noFiles, audit: noAudit, anomalies: noAnomalies, evaluations: noEvaluations },
    further: capsuleJobs({ files: noFiles, evaluations: noEvaluations, upgrades: noUpgrades }),
  };
  const { jobs } = module === undefined ? builtInJobs(none) : await loadJobs(module);
  const job = jobs.find(({ name }) => name === type);
  if (job !== undefined) return job;
  throw failure('JOB_TYPE_UNKNOWN', `${module ?? 'the platform'} has no job ${type}; name its module with --module`);
}
