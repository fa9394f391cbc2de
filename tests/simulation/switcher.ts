import { MemoryLog } from '../../infra/kafka/memory/log.ts';
import { switchLayout } from '../../infra/runner/switch-layout.ts';
import { otherLayout, type TopologyLayout } from '../../streams/kernel.ts';
import type { Faults } from './faults.ts';
import { chainOf } from './load.ts';
import type { Owner } from './scheduler.ts';
import { servicesOf } from './sim-process.ts';
import type { World } from './world.ts';

/**
 * An operator that stops the platform at a random time and switches the layout of its topologies. A process may be
 * forgotten: it is stalled, and wakes during the switch or after it. The tool may crash, and is run again.
 */
export class Switcher {
  readonly #world: World;
  readonly #faults: Faults;
  #tools = 0;

  constructor(world: World, faults: Faults) {
    this.#world = world;
    this.#faults = faults;
    const { random, scheduler } = world;
    const shift: Owner = { name: 'switcher', dead: false, frozenUntil: 0 };
    if (random.chance(0.5))
      void scheduler.wait(shift, 'switches', random.between(1_000, 40_000)).then(() => this.#begin());
  }

  #begin(): void {
    const { layout, trace, scheduler } = this.#world;
    if (this.#faults.ended) return;
    trace.add(scheduler.now, `— the platform stops, to run ${otherLayout(layout.topologies)}`);
    layout.switching = true;
    this.#faults.stopAll();
    this.#run(otherLayout(layout.topologies));
  }

  #run(to: TopologyLayout): void {
    const { random, scheduler, network, broker, layout, trace, isFixed } = this.#world;
    this.#tools += 1;
    const tool: Owner = { name: `switch${this.#tools}`, dead: false, frozenUntil: 0 };
    const clock = scheduler.clockOf(tool);
    const log = new MemoryLog({ broker, clock, yield: network.passOf(tool) });
    const dependencies = servicesOf(log, clock, () => undefined);
    const again = (): void => {
      scheduler.kill(tool);
      if (layout.switching) this.#run(to);
    };
    switchLayout({
      ...{ to, dependencies },
      topologiesOf: (each) => chainOf(isFixed, each),
      // A stalled process is still a member for a while; here it is forgotten.
      expectStopped: async () => undefined,
    }).then(
      ({ epoch }) => {
        trace.add(scheduler.now, `— ${tool.name} has switched to ${to}`);
        Object.assign(layout, { epoch, topologies: to, switching: false });
        this.#faults.startAgain();
      },
      () => void clock.sleep(500).then(again),
    );
    if (network.calm || random.chance(0.6)) return;
    void scheduler.wait({ ...tool, name: 'switcher' }, 'the tool crashes', random.between(0, 3_000)).then(() => {
      if (layout.switching && !tool.dead) again();
    });
  }
}
