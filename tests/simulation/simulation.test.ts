import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type PlantName, plants } from './plants.ts';
import { Random } from './random.ts';
import { runSchedule } from './schedule.ts';

/** Number of schedules in the short form; `npm run simulate` runs more. */
const SCHEDULES = '500';
/** Timeout: a minute of CPU, on a shared machine. */
const MS_MAX = 400_000;

interface Result {
  readonly schedules: number;
  readonly transactions: number;
  readonly faults: number;
  readonly cpuSeconds: number;
  readonly invariant?: string;
}

async function simulate(...options: readonly string[]): Promise<{ exitCode: number | null; stdout: string }> {
  const child = spawn(process.execPath, ['tests/simulation/simulate.ts', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: MS_MAX,
  });
  let stdout = '';
  child.stdout.on('data', (piece: Buffer) => {
    stdout += piece.toString();
  });
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exitCode, stdout };
}

const resultOf = (stdout: string): Result => JSON.parse(stdout) as Result;

describe('the simulation', () => {
  it(
    `keeps every invariant through ${SCHEDULES} schedules`,
    async () => {
      const { exitCode, stdout } = await simulate('--schedules', SCHEDULES, '--json');
      const result = resultOf(stdout);
      expect(result).not.toHaveProperty('invariant');
      expect(exitCode).toBe(0);
      expect(result.schedules).toBe(Number(SCHEDULES));
      expect(result.transactions / result.schedules).toBeGreaterThan(20);
      expect(result.faults / result.schedules).toBeGreaterThan(2);
    },
    MS_MAX,
  );

  it('repeats a schedule to the byte, and makes a different one for every number', async () => {
    const digests = new Set<string>();
    for (let nth = 0; nth < 5; nth += 1) {
      const [once, again] = [await runSchedule(7, nth), await runSchedule(7, nth)];
      expect(once.violation).toBeNull();
      expect(again).toEqual(once);
      digests.add(once.digest);
    }
    digests.add((await runSchedule(8, 0)).digest);
    expect(digests.size).toBe(6);
  }, 60_000);

  it.each(Object.keys(plants) as PlantName[])(
    'finds the planted bug %s, and prints the command that repeats it',
    async (name) => {
      const plant = plants[name];
      const schedules = 'schedules' in plant ? String(plant.schedules) : SCHEDULES;
      const { exitCode, stdout } = await simulate('--schedules', schedules, '--plant', name);
      const [, schedule, invariant] = /violated in schedule (\d+) of seed 1: ([a-z-]+)/.exec(stdout) ?? [];
      expect(plant.breaks).toContain(invariant);
      expect(stdout).toContain(`repeat: npm run simulate -- --seed 1 --schedule ${schedule} --plant ${name}\n`);
      expect(exitCode).toBe(1);
    },
    MS_MAX,
  );

  it('rejects unknown options', async () => {
    expect((await simulate('--schedules', 'many')).exitCode).toBe(2);
    expect((await simulate('--plant', 'none')).exitCode).toBe(2);
  }, 60_000);
});

describe('random numbers from a seed', () => {
  it('are equal for equal seeds, spread evenly, and different for other seeds', () => {
    const numbers = (...seeds: number[]): number[] => {
      const random = new Random(...seeds);
      return Array.from({ length: 2_000 }, () => random.next());
    };
    expect(numbers(1, 2)).toEqual(numbers(1, 2));
    expect(numbers(1, 2)).not.toEqual(numbers(2, 1));
    for (const share of [0, 1, 2, 3]) {
      const inIt = numbers(3).filter((number) => Math.floor(number * 4) === share).length;
      expect(inIt).toBeGreaterThan(400);
    }
  });
});
