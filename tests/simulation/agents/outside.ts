import type { ToolRun } from '../../../infra/tools/adapters/port.ts';
import { type EffectKnown, ToolError } from '../../../infra/tools/errors.ts';
import type { Random } from '../random.ts';

/** One effect outside. */
export interface OutsideEffect {
  readonly callId: string;
  /** Arguments as JSON. */
  readonly arguments: string;
  readonly attempt: number;
}

/** What happens to one request: it never arrives, it is refused, or it takes effect. */
export type Fate = 'lost' | 'refused' | 'done';

/** An outside service that takes effect as often as it is asked: it ignores idempotency keys. */
export class Outside {
  readonly effects: OutsideEffect[] = [];
  readonly #random: Random;
  /** False while the schedule comes to rest: then every request arrives. */
  fails = true;

  constructor(random: Random) {
    this.#random = random;
  }

  take({ callId, arguments: given }: Pick<ToolRun, 'callId' | 'arguments'>, attempt: number): Fate {
    const fate: Fate =
      this.fails && this.#random.chance(0.12) ? 'lost' : this.fails && this.#random.chance(0.08) ? 'refused' : 'done';
    if (fate === 'done') this.effects.push({ callId, arguments: JSON.stringify(given), attempt });
    return fate;
  }

  /** Returns the error of a request; null when it is answered. An answer may be lost on its way. */
  answer(fate: Fate): ToolError | null {
    if (fate === 'refused') return new ToolError('TOOL_REFUSED', 'no', { effect: 'none' });
    const isLost = fate === 'lost' || (this.fails && this.#random.chance(0.15));
    return isLost ? new ToolError('TOOL_UNAVAILABLE', 'no answer', { effect: 'unknown', canRetry: true }) : null;
  }

  /** Answers the read-only check of a manifest; it may fail, too. */
  check({ callId }: Pick<ToolRun, 'callId'>): EffectKnown {
    if (this.fails && this.#random.chance(0.2)) throw new ToolError('TOOL_UNAVAILABLE', 'no', { effect: 'unknown' });
    return this.effects.some((effect) => effect.callId === callId) ? 'done' : 'none';
  }
}
