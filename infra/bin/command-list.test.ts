import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { problemCatalogue } from '../../gateways/shared/problems/catalogue.ts';
import { commands, registerAll } from './command-list.ts';
import { completionScript, wordsOf } from './completion/script.ts';
import { steps } from './next-step.ts';

let program: Command;
beforeAll(async () => {
  program = await registerAll(new Command('khipu'));
});

/** Returns every command that does something itself, with its path. */
const runnable = (command: Command, path: readonly string[] = []): [string, Command][] => [
  ...command.commands.flatMap((sub) => runnable(sub, [...path, sub.name()])),
  ...(command.commands.length === 0 ? [[path.join(' '), command] as [string, Command]] : []),
];

/** Commands without a result to print: they run processes, print a script or a document; `setup` always prints JSON. */
const WITHOUT_JSON = /^(setup|completion|run .*|invoices (csv|pdf|focus))$/;

describe('the commands', () => {
  it('are registered under the names of the list', () => {
    expect(program.commands.map((command) => command.name())).toEqual(Object.keys(commands));
  });

  it('print JSON on request', () => {
    const without = runnable(program)
      .filter(([path, command]) => !WITHOUT_JSON.test(path) && !command.options.some(({ long }) => long === '--json'))
      .map(([path]) => path);
    expect(without).toEqual([]);
  });
});

describe('the completion', () => {
  const complete = (...words: readonly string[]): readonly string[] => {
    const script = `${completionScript('bash', program)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _khipu; echo "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.trim().split(' ').filter(Boolean);
  };

  it('has the words of every command', () => {
    const words = wordsOf(program);
    expect(words.length).toBeGreaterThan(60);
    expect(words.find(({ path }) => path === 'khipu sessions trace')?.words).toEqual(['--json', '--help']);
  });

  it('completes each command behind its path, and each of its options', () => {
    const parents = (command: Command, path: readonly string[]): [readonly string[], Command][] => [
      [path, command],
      ...command.commands.flatMap((sub) => parents(sub, [...path, sub.name()])),
    ];
    const lists = new Map(wordsOf(program).map(({ path, words }) => [path, words]));
    for (const [path, command] of parents(program, ['khipu'])) {
      const words = lists.get(path.join(' ')) ?? [];
      for (const sub of command.commands) expect(words).toContain(sub.name());
      for (const { long, hidden } of command.options) if (long && !hidden) expect(words).toContain(long);
    }
  });

  it('completes commands, verbs and options, also behind arguments', () => {
    expect(complete('khipu', 'kill')).toEqual(['kill-switch']);
    expect(complete('khipu', 'sessions', 't')).toEqual(['trace']);
    expect(complete('khipu', '--context', 'prod', 'kill-switch', 'engage', '--two')).toEqual(['--two-person']);
    expect(complete('khipu', 'sessions', 'trace', 'abc', '--j')).toEqual(['--json']);
  });

  it('has a script for zsh too', () => {
    expect(completionScript('zsh', program)).toContain('bashcompinit');
  });
});

/** Codes of the command line itself. */
const OWN = ['CONFIG_INVALID', 'CONTEXT_UNKNOWN', 'KEY_FILE_UNREADABLE', 'OUTCOME_PENDING', 'PLATFORM_DOWN', 'USAGE'];

it('every next step belongs to a code, and names a command that is there', () => {
  for (const [code, step] of Object.entries(steps)) {
    expect([...Object.keys(problemCatalogue), ...OWN]).toContain(code);
    for (const [, name = ''] of step.matchAll(/khipu ([a-z-]+)/g)) expect(Object.keys(commands)).toContain(name);
  }
});
