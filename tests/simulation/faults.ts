import type { MemoryBroker } from '../../infra/kafka/memory/broker.ts';
import { groupOf } from '../../infra/kafka/runner/processor-runner.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import type { Owner, Scheduler } from './scheduler.ts';
import { SimProcess } from './sim-process.ts';
import type { Trace } from './trace.ts';

/** The moments that matter: inside a transaction, and between a join and the first read. */
const TENDER: ReadonlySet<string> = new Set([
  ...['enlist', 'enlisted', 'write', 'written', 'stage', 'staged', 'commit', 'committed'],
  ...['join', 'joined', 'fence', 'fenced', 'offsets', 'offsets read', 'watermarks'],
]);
const PROCESSES_MAX = 4;

export interface World {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly random: Random;
  readonly broker: MemoryBroker;
  readonly trace: Trace;
  readonly isMended: () => boolean;
  readonly onFatal: (error: unknown) => void;
}

/** Starts processes, and does to them what happens to processes. */
export class Faults {
  readonly #world: World;
  readonly #operator: Owner = { name: 'operator', dead: false, frozenUntil: 0 };
  #processes: SimProcess[] = [];
  #started = 0;
  #left: number;
  done = 0;

  constructor(world: World) {
    this.#world = world;
    this.#left = world.random.between(3, 14);
    for (let processes = world.random.between(1, 3); processes > 0; processes -= 1) this.#start();
  }

  get living(): readonly SimProcess[] {
    this.#processes = this.#processes.filter(({ dead }) => !dead);
    return this.#processes;
  }

  /** After each step: perhaps a fault, most likely to whoever stands at a moment that matters. */
  afterStep({ owner, label }: { readonly owner: Owner; readonly label: string }): void {
    const { random } = this.#world;
    const tender = TENDER.has(label.split(' ')[0] ?? '');
    if (this.#left === 0 || !random.chance(tender ? 0.02 : 0.002)) return;
    this.#left -= 1;
    this.done += 1;
    const victim = owner instanceof SimProcess && !owner.dead ? owner : random.pick([...this.living, null]);
    this.#strike(victim);
  }

  /** From here on nothing fails. Whoever is frozen wakes, and somebody is there to do the work. */
  end(): void {
    this.#left = 0;
    this.#world.network.calm = true;
    this.#world.broker.away = false;
    for (const each of this.living) each.frozenUntil = 0;
    this.#start();
  }

  #strike(victim: SimProcess | null): void {
    const { random, network, scheduler } = this.#world;
    const dice = random.next();
    if (victim === null || dice < 0.1) this.#strikeAll();
    else if (dice < 0.35) {
      this.#tell(`${victim.name} crashes`);
      scheduler.kill(victim);
      this.#startLater();
    } else if (dice < 0.8) {
      const ms = random.chance(0.3) ? random.between(100, 6_000) : random.between(6_000, 24_000);
      this.#tell(`${victim.name} stalls for ${ms} ms`);
      victim.frozenUntil = scheduler.now + ms;
      if (this.living.every(({ frozenUntil }) => frozenUntil > scheduler.now)) this.#start();
    } else if (dice < 0.9) {
      const ms = random.between(0, 3_000);
      this.#tell(`${victim.name} is cut off for ${ms} ms`);
      network.cut(victim, ms);
    } else {
      this.#tell(`${victim.name} stops`);
      void victim.stop();
      this.#startLater();
    }
  }

  #strikeAll(): void {
    const { random, scheduler, broker } = this.#world;
    const dice = random.next();
    if (dice < 0.4) {
      const group = groupOf(random.pick(['count', 'relay', 'tally', 'work']));
      this.#tell(`${group} rebalances`);
      broker.group(group).rebalance();
    } else if (dice < 0.7 && this.living.length < PROCESSES_MAX) this.#start();
    else {
      const ms = random.between(10, 4_000);
      this.#tell(`the broker is away for ${ms} ms`);
      broker.away = true;
      void scheduler.wait(this.#operator, 'the broker is back', ms).then(() => {
        broker.away = false;
      });
    }
  }

  #startLater(): void {
    const { random, scheduler } = this.#world;
    void scheduler.wait(this.#operator, 'starts another', random.between(0, 9_000)).then(() => this.#start());
  }

  #start(): void {
    if (this.living.length >= PROCESSES_MAX) return;
    this.#started += 1;
    this.#tell(`process ${this.#started} starts`);
    this.#processes.push(new SimProcess(`p${this.#started}`, this.#world));
  }

  #tell(what: string): void {
    this.#world.trace.add(this.#world.scheduler.now, `— ${what}`);
  }
}
