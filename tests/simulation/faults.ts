import { groupOf } from '../../infra/runner/names.ts';
import type { Owner } from './scheduler.ts';
import { SimProcess } from './sim-process.ts';
import type { World } from './world.ts';

/** Critical points: inside a transaction, and between a join and the first read. */
const CRITICAL_POINTS: ReadonlySet<string> = new Set([
  ...['enlist', 'enlisted', 'write', 'written', 'stage', 'staged', 'commit', 'committed'],
  ...['join', 'joined', 'fence', 'fenced', 'offsets', 'offsets read', 'watermarks'],
]);
const PROCESSES_MAX = 4;

/** Starts processes and injects faults into them. */
export class Faults {
  readonly #world: World;
  readonly #operator: Owner = { name: 'operator', dead: false, frozenUntil: 0 };
  #processes: SimProcess[] = [];
  #started = 0;
  #left: number;
  done = 0;
  ended = false;

  constructor(world: World) {
    this.#world = world;
    this.#left = world.random.between(3, 14);
    for (let processes = world.random.between(1, 3); processes > 0; processes -= 1) this.#start();
  }

  get living(): readonly SimProcess[] {
    this.#processes = this.#processes.filter(({ dead }) => !dead);
    return this.#processes;
  }

  /** Injects a fault after a step, at random, most likely at a critical point of its owner. */
  afterStep({ owner, label }: { readonly owner: Owner; readonly label: string }): void {
    const { random } = this.#world;
    const tender = CRITICAL_POINTS.has(label.split(' ')[0] ?? '');
    if (this.#left === 0 || !random.chance(tender ? 0.02 : 0.002)) return;
    this.#left -= 1;
    this.done += 1;
    const victim = owner instanceof SimProcess && !owner.dead ? owner : random.pick([...this.living, null]);
    this.#strike(victim);
  }

  /** Ends every process: it stops, crashes, or stalls and is forgotten. */
  stopAll(): void {
    const { random, scheduler } = this.#world;
    for (const each of this.living) {
      const dice = random.next();
      if (dice < 0.4) void each.stop();
      else if (dice < 0.7) scheduler.kill(each);
      else each.frozenUntil = scheduler.now + random.between(100, 20_000);
    }
  }

  /** Starts a process after a switch of the layout. */
  startAgain(): void {
    this.#start();
  }

  /** Ends all faults. Frozen processes wake, and at least one process runs. */
  end(): void {
    this.ended = true;
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
      this.#trace(`${victim.name} crashes`);
      scheduler.kill(victim);
      this.#startLater();
    } else if (dice < 0.8) {
      const ms = random.chance(0.3) ? random.between(100, 6_000) : random.between(6_000, 24_000);
      this.#trace(`${victim.name} stalls for ${ms} ms`);
      victim.frozenUntil = scheduler.now + ms;
      if (this.living.every(({ frozenUntil }) => frozenUntil > scheduler.now)) this.#start();
    } else if (dice < 0.9) {
      const ms = random.between(0, 3_000);
      this.#trace(`${victim.name} is cut off for ${ms} ms`);
      network.cut(victim, ms);
    } else {
      this.#trace(`${victim.name} stops`);
      void victim.stop();
      this.#startLater();
    }
  }

  #strikeAll(): void {
    const { random, scheduler, broker } = this.#world;
    const dice = random.next();
    if (dice < 0.4) {
      const group = groupOf(random.pick(['chain', 'count', 'relay', 'tally', 'work']));
      this.#trace(`${group} rebalances`);
      broker.group(group).rebalance();
    } else if (dice < 0.7 && this.living.length < PROCESSES_MAX) this.#start();
    else {
      const ms = random.between(10, 4_000);
      this.#trace(`the broker is unavailable for ${ms} ms`);
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
    if (this.#world.layout.switching || this.living.length >= PROCESSES_MAX) return;
    this.#started += 1;
    this.#trace(`process ${this.#started} starts`);
    this.#processes.push(new SimProcess(`p${this.#started}`, this.#world));
  }

  #trace(what: string): void {
    this.#world.trace.add(this.#world.scheduler.now, `— ${what}`);
  }
}
