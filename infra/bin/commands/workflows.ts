import type { Command } from 'commander';
import { json, listed } from '../resources/options.ts';
import { jsonOption } from '../show/print.ts';
import type { RunOptions } from '../workflows/run.ts';

/** Registers `khipu workflows`: check and plan a document of this machine, start a run of it, and show one. */
export function register(program: Command): void {
  const workflows = program
    .command('workflows')
    .description('check, plan and run workflows: Serverless Workflow 1.0.3');
  workflows
    .command('check')
    .description('check a document: exit code 1 and the place of the first problem when runs do not support it')
    .argument('<file>', 'YAML or JSON; - is standard input')
    .option(...jsonOption)
    .action(async (file: string, options: { json?: true }) => {
      const { checkWorkflow } = await import('../workflows/check.ts');
      await checkWorkflow(file, options);
    });
  workflows
    .command('plan')
    .description('show what a run may do: nodes, capabilities and the longest chain of nodes')
    .argument('<file>', 'YAML or JSON; - is standard input')
    .option(...jsonOption)
    .action(async (file: string, options: { json?: true }) => {
      const { planWorkflow } = await import('../workflows/check.ts');
      await planWorkflow(file, options);
    });
  workflows
    .command('show')
    .description('draw the tasks of a run with their states')
    .argument('<job-id>', 'job id of the run')
    .option('--as-of <moment>', 'state at an earlier time, RFC 3339, or after an event, by its id')
    .option(...jsonOption)
    .action(async (id: string, options: { asOf?: string; json?: true }) => {
      const { showRun } = await import('../workflows/show.ts');
      await showRun(id, options);
    });
  workflows
    .command('run')
    .description('start a run of a document: a job, which `khipu jobs` shows and follows')
    .argument('<file>', 'YAML or JSON; - is standard input')
    .option('--input <json>', 'input of the workflow; null when omitted', json)
    .option('--with <files>', 'documents that `run: workflow` names; comma-separated, or repeated', listed)
    .option('--tags <items>', 'tags to find it by; comma-separated, or repeated', listed)
    .option('--labels <items>', 'labels of the data; comma-separated, or repeated', listed)
    .option(...jsonOption)
    .action(async (file: string, options: RunOptions) => {
      const { runWorkflowFile } = await import('../workflows/run.ts');
      await runWorkflowFile(file, options);
    });
}
