import { fullNames, type RecordName } from '../../../schemas/generated/records.ts';
import type { topics } from '../../../schemas/topics.ts';
import type { StoredEvent } from '../../shared/read-model.ts';
import { frameBody, frameOf } from '../../shared/stream/frame.ts';
import type { StreamView } from '../../shared/stream/stream.ts';
import { endingOf } from './find.ts';

/** Stream names of the records of agents.events. A refused command is answered to its sender and is not shown. */
export const agentEventNames = {
  AgentRunStarted: 'agent.run_started',
  AgentRunRefused: null,
  AgentStepStarted: 'agent.step_started',
  AgentStepCompleted: 'agent.step_completed',
  AgentCallEnded: 'agent.call_ended',
  AgentAnswerRejected: 'agent.answer_rejected',
  AgentFormatDropped: 'agent.format_dropped',
  AgentRunCompleted: 'agent.run_completed',
  AgentRunFailed: 'agent.run_failed',
  AgentRunCancelled: 'agent.run_cancelled',
} as const satisfies { readonly [Name in keyof typeof topics.agentsEvents.records & RecordName]: string | null };

const byFullName = new Map<string, string | null>(
  Object.entries(agentEventNames).map(([name, shown]) => [fullNames[name as keyof typeof agentEventNames], shown]),
);

/** Fields that a stream does not show: what the run may do, and what the route says already. */
const HIDDEN: ReadonlySet<string> = new Set(['tenant_id', 'capabilities', 'credential']);

function bodyOf(name: string, { eventId, at, data }: StoredEvent): string {
  const shown = Object.entries(data as Readonly<Record<string, unknown>>).filter(([field]) => !HIDDEN.has(field));
  return frameBody(name, { event_id: eventId, at: at.toISOString(), ...Object.fromEntries(shown) });
}

/** The part of a run's events that a client sees. */
export class AgentRunView implements StreamView<StoredEvent> {
  readonly waitsToBegin = false;
  #isOver: boolean;
  #caughtUp = false;

  /** `isOver`: the run had ended before the first event that is read. */
  constructor({ isOver }: { readonly isOver: boolean }) {
    this.#isOver = isOver;
  }

  /** Notes an event that the client has. */
  note(event: StoredEvent): void {
    if (endingOf(event) !== null) this.#isOver = true;
  }

  take(event: StoredEvent): readonly string[] {
    const name = byFullName.get(event.type) ?? null;
    if (name === null) return [];
    this.note(event);
    return [frameOf(event.eventId, bodyOf(name, event))];
  }

  caughtUp(): void {
    this.#caughtUp = true;
  }

  /** True when the run has ended and the client has all of its events. */
  get ended(): boolean {
    return this.#caughtUp && this.#isOver;
  }
}
