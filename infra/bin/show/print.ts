/** Prints one JSON document, or the lines for people. */
export function print(json: boolean | undefined, value: unknown, lines: () => readonly string[]): void {
  process.stdout.write(`${json === true ? JSON.stringify(value, null, 2) : lines().join('\n')}\n`);
}

/** The option `--json` of a command that prints one document. */
export const jsonOption = ['--json', 'print one JSON document'] as const;
