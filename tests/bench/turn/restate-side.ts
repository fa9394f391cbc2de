import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRestate } from '../restate/server.ts';
import { type Latencies, measureAt, type Samples, type Subject } from './measure-at.ts';
import { openLoop } from './open-loop.ts';
import type { TurnSizes } from './sizes.ts';

const WARM_UP_RATE = 10;

/** Starts Restate, measures an invocation of three durable steps at each rate, and stops it. */
export async function measureRestate({
  sizes,
  note,
}: {
  sizes: TurnSizes;
  note: (text: string) => void;
}): Promise<Samples> {
  const dir = mkdtempSync(join(tmpdir(), 'khipu-bench-restate-'));
  try {
    const restate = await startRestate(dir, note);
    try {
      const subject: Subject = {
        processes: restate.processes,
        adminPorts: [],
        request: (dueMs) => invoke(restate.url, dueMs),
      };
      note(`Restate: warm-up of ${sizes.warmUpTurns} invocations`);
      await openLoop(sizes.warmUpTurns, WARM_UP_RATE, (dueMs) => subject.request(dueMs));
      let samples: Samples = {};
      for (const rate of sizes.rates) {
        note(`Restate: ${sizes.turns} invocations at ${rate}/s`);
        samples = { ...samples, ...(await measureAt(subject, rate, sizes.turns)) };
      }
      return samples;
    } finally {
      await restate.stop();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function invoke(url: string, dueMs: number): Promise<Latencies> {
  const answer = await fetch(url, { method: 'POST' });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`POST ${url} answered ${answer.status}: ${text}`);
  return { createdMs: performance.now() - dueMs };
}
