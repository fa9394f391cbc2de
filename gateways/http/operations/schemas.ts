import { z } from 'zod';

const readerKind = z
  .enum(['gateway', 'processor', 'worker', 'observer', 'view'])
  .meta({ description: '`view`: a read model' });

/** Schema of the declared topics and readers. */
export const topologyBody = z
  .object({
    topics: z
      .array(
        z.object({
          name: z.string().meta({ examples: ['sessions.commands'] }),
          kind: z.enum(['commands', 'decisions', 'events', 'state']).meta({ description: 'What the records are' }),
          context: z.string().meta({ description: 'Context of the topic' }),
          doc: z.string().meta({ description: 'Meaning, in a sentence' }),
          records: z.array(z.string()).meta({ description: 'Names of its records' }),
        }),
      )
      .meta({ description: 'Topics of the catalogue' }),
    readers: z
      .array(
        z.object({
          name: z.string().meta({ examples: ['policy'] }),
          kind: readerKind,
          topology: z.string().nullable().meta({
            description: 'Topology of a processor that shares its transactions with others; null without one',
          }),
          reads: z.array(z.string()).meta({ description: 'Topics that it reads' }),
          writes: z.array(z.string()).meta({ description: 'Topics that it writes' }),
        }),
      )
      .meta({ description: 'Gateways, processors, workers, observers and read models' }),
  })
  .meta({ id: 'Topology', description: 'The platform as it is declared' });

const offsets = z.int().nonnegative();

/** Schema of what happens in the log. */
export const activityBody = z
  .object({
    at: z.string().meta({ description: 'Time of the look, RFC 3339' }),
    watched_ms: z.int().meta({ description: 'Time that the rates are counted over' }),
    topics: z
      .array(
        z.object({
          name: z.string().meta({ examples: ['sessions.commands'] }),
          partitions: z.int().meta({ description: 'Number of partitions' }),
          offsets: offsets.meta({ description: 'Offsets between the first and the end' }),
          offsets_per_second: z
            .number()
            .meta({ description: 'Offsets that were added per second: records, and the markers of transactions' }),
        }),
      )
      .meta({ description: 'Topics without those of state' }),
    readers: z
      .array(
        z.object({
          name: z.string().meta({ examples: ['core'] }),
          kind: readerKind,
          lag: offsets.meta({ description: 'Sum over the partitions' }),
          processes: z
            .array(
              z.object({
                host: z.string().meta({ description: 'Address that the broker sees', examples: ['127.0.0.1'] }),
                started_at: z.string().nullable().meta({
                  description: 'Start of the process, RFC 3339; null: not known',
                }),
                restarts: z.int().nullable().meta({
                  description: 'How often it began again since then, after an error; null: not known',
                }),
                partitions: z.array(z.int()).meta({ description: 'Partitions that it reads' }),
              }),
            )
            .meta({ description: 'Members of its consumer group, the oldest first; empty for a read model' }),
          partitions: z.array(
            z.object({
              topic: z.string(),
              partition: z.int(),
              position: z.int().meta({ description: 'Next offset to read' }),
              end: offsets.meta({ description: 'Offset after the last record' }),
              lag: offsets.meta({ description: 'Offsets that are not read; 0 for a reader that is up to date' }),
            }),
          ),
        }),
      )
      .meta({ description: 'Consumer groups and read models, each with how far it is' }),
  })
  .meta({ id: 'PlatformActivity', description: 'Rates and lags, from positions in the log' });
