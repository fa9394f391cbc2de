import { failure } from '../failure.ts';

const FLAG = '--context';

/** Arguments with the chosen context taken out. */
export interface ContextArguments {
  readonly context: string | undefined;
  readonly args: readonly string[];
}

/**
 * Takes `--context <name>` out of the arguments, wherever it is before `--`: the platform is chosen before the command is
 * loaded. Throws USAGE without a name.
 */
export function takeContext(args: readonly string[]): ContextArguments {
  const end = args.indexOf('--');
  const at = args.findIndex((arg) => arg === FLAG || arg.startsWith(`${FLAG}=`));
  if (at < 0 || (end >= 0 && at > end)) return { context: undefined, args };
  const flag = args[at] ?? '';
  const isJoined = flag !== FLAG;
  const context = isJoined ? flag.slice(FLAG.length + 1) : args[at + 1];
  if (context === undefined || context === '' || context.startsWith('-'))
    throw failure('USAGE', `${FLAG} takes the name of a context; khipu context list shows them`);
  return { context, args: [...args.slice(0, at), ...args.slice(at + (isJoined ? 1 : 2))] };
}
