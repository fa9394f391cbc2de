// Chooses the program that the bootstrap starts: `khipu`, or a file of the repository that needs the packages.
// Plain JavaScript without dependencies: it is read before anything is installed.

const program = 'infra/bin/khipu.ts';
const startingCommands = ['up', 'demo'];

/**
 * Returns the plan for command line arguments. `--run FILE …` runs a file, `--run-with-parts FILE …` a file that starts
 * the embedded parts; any other arguments are a command of khipu. The remaining arguments are passed on. Parts need
 * Java, Maven and downloads; help and tests on containers need none. Throws USAGE when the file is missing.
 */
export function planOf(args, env) {
  const isHelp = args.includes('--help') || args.includes('-h');
  const [first, file, ...rest] = args;
  if (first !== '--run' && first !== '--run-with-parts')
    return { file: program, args, startsParts: !isHelp && startingCommands.includes(first ?? '') };
  if (file === undefined) throw Object.assign(new Error(`${first} takes a file`), { code: 'USAGE' });
  const bringsParts = first === '--run-with-parts' && env.KHIPU_TEST_INFRA !== 'testcontainers';
  return { file, args: rest, startsParts: bringsParts && !isHelp };
}
