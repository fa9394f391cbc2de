import { MemoryLog } from '../../infra/kafka/memory/log.ts';
import { settle } from '../../infra/runner/dead-letters/settle.ts';
import { topics } from '../../schemas/topics.ts';
import type { Owner } from './scheduler.ts';
import type { World } from './world.ts';

/**
 * An operator that fixes the relay at a random time and redrives its dead letters, before and after the fix; the tool
 * may crash.
 */
export class Operator {
  readonly #world: Omit<World, 'onFatal' | 'isFixed' | 'layout'>;
  #tools = 0;
  #busy = false;
  hasMended = false;

  constructor(world: Omit<World, 'onFatal' | 'isFixed' | 'layout'>) {
    this.#world = world;
    const { random, scheduler } = world;
    const shift: Owner = { name: 'operator', dead: false, frozenUntil: 0 };
    void scheduler.wait(shift, 'mends', random.between(0, 60_000)).then(() => this.mend());
    for (let times = random.between(0, 2); times > 0; times -= 1)
      void scheduler.wait(shift, 'looks', random.between(1_000, 40_000)).then(() => this.redrive());
  }

  mend(): void {
    this.hasMended = true;
  }

  /** Starts a redrive; ignored while the tool is running. */
  redrive(): void {
    if (this.#busy) return;
    const { random, scheduler, network, broker, trace } = this.#world;
    this.#busy = true;
    this.#tools += 1;
    const tool: Owner = { name: `dlq${this.#tools}`, dead: false, frozenUntil: 0 };
    trace.add(scheduler.now, `— ${tool.name} redrives`);
    const clock = scheduler.clockOf(tool);
    const log = new MemoryLog({ broker, clock, yield: network.passOf(tool) });
    const over = (): void => {
      this.#busy = false;
    };
    const filter = { topic: topics.inferenceEvents.name };
    settle({ log, verb: 'redrive', filter, by: tool.name, waitMs: 10_000, clock }).then(over, over);
    if (network.calm || random.chance(0.7)) return;
    void scheduler.wait(tool, 'crashes', random.between(0, 200)).then(() => {
      scheduler.kill(tool);
      over();
    });
  }
}
