import type { z } from 'zod';
import type { Position } from '../../../infra/kafka/port.ts';
import { fullNames, type RecordName } from '../../../schemas/generated/records.ts';
import { shortName } from '../../../schemas/naming.ts';
import { topicOf } from '../../../schemas/topics.ts';
import type { eventBody } from '../audit/schemas.ts';
import { inCauseOrder, metadataText } from './cause-order.ts';

type Event = z.infer<typeof eventBody>;

const nameOf = new Map<string, RecordName>(Object.entries(fullNames).map(([name, full]) => [full, name as RecordName]));

/** Returns the topic of a command by its full name. */
export function commandTopic(type: string): string {
  const name = nameOf.get(type);
  return name === undefined ? 'unknown' : topicOf(name).name;
}

/** A record of the chain. */
export interface TraceStep {
  /** Such as `TurnCompleted`. */
  readonly record: string;
  readonly id: string;
  readonly topic: string;
  readonly partition: number | null;
  /** Null for a command whose record was not looked up, or is no longer in the log. */
  readonly offset: number | null;
  /** Time of the append, RFC 3339; of the command itself where its record is not known. */
  readonly at: string;
  /** From the command to this record, in ms. */
  readonly after_ms: number;
  /** Time that the processor took for its decision, in µs; null where a record carries none. */
  readonly decide_us: number | null;
}

/** The records of a command, in the order of their causes. */
export interface Trace {
  readonly command_id: string;
  readonly steps: readonly TraceStep[];
}

/** A command that a decision carries. */
export interface TracedCommand {
  readonly id: string;
  /** Full name, such as `khipu.sessions.StartSession`. */
  readonly type: string;
  readonly partition: number;
  readonly atMs: number;
}

/** The position and the time of a command's record. */
export interface FoundCommand extends Position {
  readonly timestampMs: number;
}

/** Returns the commands that the decisions among the events carry. */
export const commandsOf = (events: readonly Event[]): readonly TracedCommand[] =>
  events.flatMap((event) => {
    const { command, command_id: id } = event.data as { command?: { type?: string }; command_id?: string };
    if (shortName(event.type) !== 'PolicyDecided' || command?.type === undefined || id === undefined) return [];
    const time = metadataText(event, 'ce_time') ?? event.appended_at;
    return [{ id, type: command.type, partition: event.partition, atMs: Date.parse(time) }];
  });

function stepOf(event: Event, beganMs: number): TraceStep {
  const decided = metadataText(event, 'ce_decidelatencyus');
  return {
    record: shortName(event.type),
    ...{ id: event.event_id, topic: event.topic, partition: event.partition, offset: event.offset },
    at: event.appended_at,
    after_ms: Math.max(0, Date.parse(event.appended_at) - beganMs),
    decide_us: decided === undefined ? null : Number(decided),
  };
}

/**
 * Returns the chain of each command: the command, then the events that it caused, directly or not. `found`: the records of
 * commands that were looked up in the log, by id.
 */
export function tracesOf(events: readonly Event[], found: ReadonlyMap<string, FoundCommand>): readonly Trace[] {
  return commandsOf(events).map(({ id, type, partition, atMs }) => {
    const record = found.get(id);
    const beganMs = record?.timestampMs ?? atMs;
    const command: TraceStep = {
      record: shortName(type),
      ...{ id, topic: commandTopic(type), partition, offset: record?.offset ?? null },
      at: new Date(beganMs).toISOString(),
      ...{ after_ms: 0, decide_us: null },
    };
    const caused = events.filter((event) => metadataText(event, 'ce_correlationid') === id);
    return { command_id: id, steps: [command, ...inCauseOrder(caused).map((event) => stepOf(event, beganMs))] };
  });
}
