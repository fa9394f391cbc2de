import type { Command } from 'commander';
import { listed } from '../resources/options.ts';
import { registerResource } from '../resources/register.ts';
import { jsonOption } from '../show/print.ts';

interface ImportOptions {
  readonly install?: string;
  readonly labels?: string[];
  readonly json?: true;
}

/** Registers `khipu templates`: the verbs of templates over HTTP, and the import of a file of this machine. */
export function register(program: Command): void {
  registerResource(program, 'templates')
    .command('import')
    .description('import a document, or the workflow of an installed capsule, as a version of a template')
    .argument('[file]', 'YAML or JSON; - is standard input')
    .option('--install <name>', 'install of a capsule that has a workflow, instead of a file')
    .option('--labels <items>', 'labels of the data; comma-separated, or repeated', listed)
    .option(...jsonOption)
    .action(async (file: string | undefined, options: ImportOptions) => {
      const { importTemplate } = await import('../workflows/import.ts');
      await importTemplate(file, options);
    });
}
