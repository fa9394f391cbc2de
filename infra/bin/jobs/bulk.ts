import type { Command } from 'commander';
import { createApi, type Schemas } from '../../client/api.ts';
import { problemError } from '../../client/api-error.ts';
import { answered, ask, gatewayOf } from '../api/ask.ts';
import { confirmed } from '../show/confirm.ts';
import { rowsText } from '../show/fields.ts';
import { jsonOption, print } from '../show/print.ts';

const actions = {
  cancel: 'end the jobs of a filter and their children',
  pause: 'pause the jobs of a filter: no further step begins',
  resume: 'resume the paused and suspended jobs of a filter',
  retry: 'retry the failed and dead jobs of a filter from their journals',
} as const;

type Action = keyof typeof actions;
type Filter = Schemas['ActOnJobs']['filter'];

interface Options {
  readonly status?: Filter['status'];
  readonly type?: string;
  readonly tag?: string;
  readonly createdFrom?: string;
  readonly createdBefore?: string;
  readonly reason: string;
  readonly yes?: true;
  readonly json?: true;
}

const SHOWN = ['job_id', 'type', 'status', 'tags', 'created_at'];

/** Registers `khipu jobs bulk`: an action on all jobs of a filter, after a dry run that is shown first. */
export function registerBulk(jobs: Command): void {
  const bulk = jobs.command('bulk').description('cancel, pause, resume or retry all jobs of a filter');
  for (const [action, description] of Object.entries(actions))
    bulk
      .command(action)
      .description(`${description}; shows them first, and asks`)
      .option('--status <status>', 'only jobs with this status')
      .option('--type <type>', 'only jobs of this type')
      .option('--tag <tag>', 'only jobs with this tag')
      .option('--created-from <time>', 'only jobs started at this time or later, RFC 3339')
      .option('--created-before <time>', 'only jobs started before this time, RFC 3339')
      .requiredOption('--reason <text>', 'why, in one sentence for people (required)')
      .option('--yes', 'do it without a question')
      .option(...jsonOption)
      .action((options: Options) => act(action as Action, options));
}

const filterOf = ({ status, type, tag, createdFrom, createdBefore }: Options): Filter => ({
  ...(status !== undefined && { status }),
  ...(type !== undefined && { type }),
  ...(tag !== undefined && { tag }),
  ...(createdFrom !== undefined && { created_from: createdFrom }),
  ...(createdBefore !== undefined && { created_before: createdBefore }),
});

async function act(action: Action, options: Options): Promise<void> {
  const { reason, yes, json } = options;
  const request = { filter: filterOf(options), action, reason };
  const dry = await ask((api) => api.POST('/v1/jobs/bulk', { body: { ...request, dry_run: true } }));
  if (!('token' in dry)) throw new Error('the gateway has not made a dry run');
  const { count, sample, token } = dry;
  if (json !== true) {
    const more = count > sample.length ? [`and ${count - sample.length} more`] : [];
    print(undefined, dry, () => [rowsText(sample, SHOWN), ...more]);
  }
  const isMeant = count > 0 && (yes === true || (json !== true && (await confirmed(`${action} ${count} jobs?`))));
  if (!isMeant) return json === true ? print(json, dry, () => []) : undefined;
  const api = createApi(gatewayOf());
  const { data, error, response } = await answered(api.POST('/v1/jobs/bulk', { body: { ...request, token } }));
  if (data === undefined) throw problemError(error, response);
  const accepted = 'accepted' in data ? data.accepted : 0;
  print(json, data, () => [`${accepted} commands in the log; khipu jobs list shows what became of them`]);
}
