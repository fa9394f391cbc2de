import { expect, it } from 'vitest';
import { type Proc, readThreads, secondsBetween } from './processor-time.ts';

/** A line of proc_pid_stat(5) with 10 × `seconds` of user time in ticks of 10 ms. */
const stat = (id: number, name: string, parent: number, seconds: number): string =>
  `${id} (${name}) S ${parent} 1 1 0 -1 0 0 0 0 0 ${seconds * 100} 0 0 0 20 0 1 0 0`;

const files: Readonly<Record<string, string>> = {
  '/proc/10/stat': stat(10, 'java', 1, 9),
  '/proc/10/task/10/stat': stat(10, 'java', 1, 1),
  '/proc/10/task/11/stat': stat(11, 'C2 CompilerThre', 1, 5),
  '/proc/10/task/12/stat': stat(12, 'C1 CompilerThre', 1, 2),
  '/proc/10/task/13/stat': stat(13, 'kafka-io (a) b', 1, 1),
  '/proc/20/stat': stat(20, 'child', 10, 3),
  '/proc/20/task/20/stat': stat(20, 'child', 10, 3),
  '/proc/30/stat': stat(30, 'other', 1, 50),
  '/proc/30/task/30/stat': stat(30, 'other', 1, 50),
};

const proc: Proc = {
  list: (dir) => [
    ...new Set(
      Object.keys(files).flatMap((file) =>
        file.startsWith(`${dir}/`) ? [file.split('/')[dir.split('/').length] ?? ''] : [],
      ),
    ),
    ...(dir === '/proc' ? ['40', 'meminfo'] : []),
  ],
  read: (file) => {
    const text = files[file];
    if (text === undefined) throw new Error(`ENOENT ${file}`);
    return text;
  },
};

it('reads the threads of a process and its children, without compilers and ended processes', () => {
  const threads = readThreads([10, 40], proc);
  expect([...(threads.get(10) ?? [])]).toEqual([
    ['10/10', 1],
    ['10/13', 1],
    ['20/20', 3],
  ]);
  expect(threads.get(40)?.size).toBe(0);
});

it('adds what each thread took, from zero for a new one, and forgets an ended one', () => {
  const before = new Map([
    ['1/1', 5],
    ['1/2', 7],
  ]);
  const after = new Map([
    ['1/1', 5.5],
    ['1/3', 0.25],
  ]);
  expect(secondsBetween(before, after)).toBe(0.75);
});
