import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type Context, contextOf, LOCAL, readContexts, writeContexts } from '../context/contexts.ts';
import { readKeyFile } from '../context/key-file.ts';
import { failure } from '../failure.ts';
import { rowsText } from '../show/fields.ts';
import { jsonOption, print } from '../show/print.ts';

interface Output {
  readonly json?: true;
}

interface AddOptions extends Output {
  readonly url: string;
  readonly keyFile: string;
  readonly envFile?: string;
}

const contextName = (text: string): string => {
  if (!/^[A-Za-z0-9][\w.-]{0,62}$/.test(text) || text === LOCAL)
    throw new InvalidArgumentError(`expected letters, digits, ., _ and -, other than ${LOCAL}`);
  return text;
};

const baseUrl = (text: string): string => {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError('expected an http or https URL, such as https://khipu.example.com');
  return text.replace(/\/+$/, '');
};

function add(name: string, { url, keyFile, envFile, json }: AddOptions): void {
  const context: Context = { url, keyFile: path.resolve(keyFile), ...(envFile && { envFile: path.resolve(envFile) }) };
  readKeyFile(context.keyFile);
  if (context.envFile !== undefined && !existsSync(context.envFile))
    throw failure('ENV_FILE_UNREADABLE', `${context.envFile} does not exist`);
  const { current, contexts } = readContexts(process.env);
  writeContexts(process.env, { current, contexts: { ...contexts, [name]: context } });
  print(json, { name, ...context }, () => [`context ${name} is ${url}`, `use it: khipu context use ${name}`]);
}

function list({ json }: Output): void {
  const { current, contexts } = readContexts(process.env);
  const rows = [
    { current: current === null, name: LOCAL, url: 'the platform of this checkout', key_file: null },
    ...Object.entries(contexts).map(([name, { url, keyFile }]) => ({
      ...{ current: name === current, name, url, key_file: keyFile },
    })),
  ];
  const shown = rows.map((row) => ({ ...row, ' ': row.current ? '*' : ' ' }));
  print(json, rows, () => [rowsText(shown, [' ', 'name', 'url', 'key_file'])]);
}

function use(name: string, { json }: Output): void {
  const stored = readContexts(process.env);
  if (name !== LOCAL) contextOf(stored, name);
  writeContexts(process.env, { ...stored, current: name === LOCAL ? null : name });
  print(json, { current: name }, () => [`commands use ${name} from now on`]);
}

function remove(name: string, { json }: Output): void {
  const stored = readContexts(process.env);
  contextOf(stored, name);
  const { [name]: _, ...contexts } = stored.contexts;
  writeContexts(process.env, { current: stored.current === name ? null : stored.current, contexts });
  print(json, { removed: name }, () => [`context ${name} is removed; its key file stays`]);
}

/** Registers `khipu context add|list|use|remove`: named platforms, stored in the user's configuration folder. */
export function register(program: Command): void {
  const context = program
    .command('context')
    .description('name platforms, and choose the one that commands use; stored in ~/.config/khipu/contexts.json');
  context
    .command('add')
    .description('add a platform, or replace the one of this name')
    .argument('<name>', 'name of the context, such as prod', contextName)
    .requiredOption('--url <url>', 'base URL of its gateways', baseUrl)
    .requiredOption('--key-file <file>', 'file with an API key, which only its owner can read')
    .option('--env-file <file>', 'env file with KAFKA_BROKERS and so on, for commands that read the log')
    .option(...jsonOption)
    .action(add);
  context
    .command('list')
    .description('list the platforms, and mark the current one')
    .option(...jsonOption)
    .action(list);
  context
    .command('use')
    .description('make a platform the current one')
    .argument('<name>', `name of a context, or ${LOCAL} for the platform of this checkout`)
    .option(...jsonOption)
    .action(use);
  context
    .command('remove')
    .description('remove a platform from the list')
    .argument('<name>', 'name of the context')
    .option(...jsonOption)
    .action(remove);
}
