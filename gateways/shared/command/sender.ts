import type { RecordName, RecordOf } from '../../../schemas/generated/records.ts';
import type { Identity } from '../idempotency.ts';
import type { Command, CommandAppender, CommandName, EnvelopedCommand } from '../log/command-appender.ts';
import type { KnownOutcome, Outcomes, Waiting } from '../log/outcomes.ts';
import type { GatewayMetrics } from '../metrics.ts';
import type { ReadModel } from '../read-model.ts';
import { KnownOutcomes } from './known-outcomes.ts';
import { appendPaced } from './paced-append.ts';
import { keyReused, SentCommands } from './sent-commands.ts';
import type { Made, MadeCommand } from './spec.ts';

const POLL_FIRST_MS = 100;

/** A command to send, and the wait for its outcome. */
export interface SendRequest<C extends CommandName> {
  readonly tenantId: string;
  readonly identity: Identity;
  readonly requestDigest: string;
  /** Event types that are an outcome of the command. */
  readonly outcomes: readonly RecordName[];
  /** Key of its outcome; any when undefined. */
  readonly subject?: string | undefined;
  /** Makes the command. Called only when no outcome is known yet. */
  readonly make: () => Promise<Made<C>> | Made<C>;
  /** Returns the place of the command; null outside of sessions and requests. Called once, before the append. */
  readonly place: (command: Command) => Promise<string | null> | string | null;
  readonly traceparent: string;
  /** Maximum wait for the outcome, in ms; 0 does not wait. */
  readonly waitMs: number;
}

/** A command of a request that sends many. */
export interface PartCommand {
  readonly command: Command;
  readonly place: string | null;
}

/** A request that sends many commands: as fast as they are decided, but its answer waits for the outcome of none. */
export interface SendAllRequest {
  readonly tenantId: string;
  readonly identity: Identity;
  readonly requestDigest: string;
  /** Number of its commands, at least 1. */
  readonly count: number;
  /** Event types that are an outcome of one of them. */
  readonly outcomes: readonly RecordName[];
  /** Makes the commands, in the same order in every request with the key. Called only when the log may lack some. */
  readonly make: () => Promise<Iterable<PartCommand>> | Iterable<PartCommand>;
  readonly traceparent: string;
}

/** The result of sending a command. */
export interface Sent<C extends CommandName> {
  /** The outcome; null when there is none within the wait. */
  readonly outcome: KnownOutcome | null;
  /** The command of this request; null when the outcome is that of an earlier request. */
  readonly sent: MadeCommand<C> | RecordOf<C> | null;
}

/** Parts that a command sender needs. */
export interface CommandSenderParts {
  readonly commands: Pick<CommandAppender, 'append' | 'appendAll'>;
  readonly outcomes: Outcomes;
  readonly readModel: Pick<ReadModel, 'outcome'>;
  readonly metrics: Pick<GatewayMetrics, 'outcomeWait'>;
}

/** The write path of every command: finds the outcome of a repeated command, or appends the command and waits for its outcome. */
export class CommandSender {
  readonly #parts: CommandSenderParts;
  readonly #known: KnownOutcomes;
  readonly #sent = new SentCommands();

  constructor(parts: CommandSenderParts) {
    this.#parts = parts;
    this.#known = new KnownOutcomes(parts.outcomes, parts.readModel);
  }

  /** Outcomes of earlier commands. */
  get known(): KnownOutcomes {
    return this.#known;
  }

  /**
   * Resolves with the outcome of the command, or with null after `waitMs`. Rejects with LogError when the log does not have
   * the command, with Problem IDEMPOTENCY_KEY_REUSED when its key was used for another request, and as `make` does.
   */
  async send<C extends CommandName>(request: SendRequest<C>): Promise<Sent<C>> {
    const { identity, tenantId, requestDigest, outcomes, subject, make } = request;
    const attempt = identity.repeatable
      ? await this.#known.latest(tenantId, identity.commandId, outcomes, subject)
      : { commandId: identity.commandId, outcome: null, refused: null };
    this.#sent.check(identity.commandId, requestDigest);
    const known = attempt.outcome ?? attempt.refused;
    if (known !== null) requireSame(known, requestDigest);
    if (attempt.outcome !== null) return { outcome: attempt.outcome, sent: null };
    const made = await make();
    if ('known' in made) return { outcome: requireSame(made.known, requestDigest), sent: null };
    const command = 'command' in made ? made.command : made;
    const outcome = await this.#ask(command as Command, attempt.commandId, request);
    return { outcome: outcome === null ? null : requireSame(outcome, requestDigest), sent: made };
  }

  /**
   * Resolves when the log has all commands of a request. Each has an id of its own, so a repeat changes nothing. Rejects
   * with LogError when the log does not have all of them, with Problem IDEMPOTENCY_KEY_REUSED, and as `make` does.
   */
  async sendAll(request: SendAllRequest): Promise<void> {
    const { identity, tenantId, requestDigest, count, outcomes, traceparent, make } = request;
    this.#sent.check(identity.commandId, requestDigest);
    if (identity.repeatable) {
      for (const nth of new Set([0, count - 1])) {
        const known = await this.#known.find(tenantId, partCommandId(identity, nth), outcomes);
        if (known === null) break;
        requireSame(known, requestDigest);
        // Commands are appended in order: with the last one the log has all.
        if (nth === count - 1) return;
      }
    }
    await this.#sent.append(identity.commandId, requestDigest, async () =>
      appendPaced(
        enveloped(await make(), (nth) => ({
          ...{ id: partCommandId(identity, nth), tenantId, traceparent, requestDigest },
        })),
        this.#parts,
      ),
    );
  }

  async #ask(command: Command, id: string, request: SendRequest<CommandName>): Promise<KnownOutcome | null> {
    const { outcomes, metrics } = this.#parts;
    const { waitMs, identity } = request;
    if (waitMs === 0) {
      await this.#append(command, id, request);
      return null;
    }
    const waiting = outcomes.expect(id, waitMs, request.outcomes);
    try {
      await this.#append(command, id, request);
      const since = performance.now();
      const outcome = identity.repeatable ? await this.#heardOrStored(waiting, id, request) : await waiting.outcome;
      const result = outcome?.record.type ?? 'none';
      metrics.outcomeWait.observe({ record: command.type, result }, (performance.now() - since) / 1000);
      return outcome;
    } finally {
      waiting.cancel();
    }
  }

  async #append(
    command: Command,
    id: string,
    { identity, tenantId, place, traceparent, requestDigest }: SendRequest<CommandName>,
  ) {
    const envelope = { id, tenantId, place: await place(command), traceparent, requestDigest };
    const append = () => this.#parts.commands.append(command, envelope);
    await (identity.repeatable ? this.#sent.append(id, requestDigest, append) : append());
  }

  /**
   * Waits on the tail and polls the event store: when another gateway sent the command, its outcome may have passed before
   * this process listened.
   */
  async #heardOrStored(waiting: Waiting, id: string, request: SendRequest<CommandName>): Promise<KnownOutcome | null> {
    const { tenantId, outcomes, waitMs, subject } = request;
    const stop = performance.now() + waitMs;
    let heard: KnownOutcome | null | undefined;
    const listening = waiting.outcome.then((outcome) => {
      heard = outcome;
    });
    for (let pauseMs = POLL_FIRST_MS; heard === undefined; pauseMs *= 2) {
      const pause = Promise.withResolvers<void>();
      const timer = setTimeout(pause.resolve, pauseMs);
      await Promise.race([listening, pause.promise]);
      clearTimeout(timer);
      if (heard !== undefined || performance.now() >= stop) break;
      const stored = await this.#known.find(tenantId, id, outcomes, subject);
      if (stored !== null) return stored;
    }
    return heard ?? null;
  }
}

/** Returns the id of the n-th command of a request, from 0. */
const partCommandId = (identity: Identity, nth: number): string => identity.partId(`command/${nth}`);

function* enveloped(
  commands: Iterable<PartCommand>,
  headersOf: (nth: number) => Omit<EnvelopedCommand['envelope'], 'place'>,
): Generator<EnvelopedCommand, void, undefined> {
  let nth = 0;
  for (const { command, place } of commands) {
    yield { command, envelope: { ...headersOf(nth), place } };
    nth += 1;
  }
}

/** Throws Problem IDEMPOTENCY_KEY_REUSED when the outcome belongs to another request. */
function requireSame(outcome: KnownOutcome, requestDigest: string): KnownOutcome {
  if (outcome.requestDigest !== null && outcome.requestDigest !== requestDigest) throw keyReused();
  return outcome;
}
