import { z } from 'zod';
import { shortName } from '../../../schemas/naming.ts';
import type { StoredEvent } from '../../shared/read-model.ts';
import { declare } from '../../shared/route/declare.ts';
import { decisionFromWire, decisionSchema, sessionFields } from '../../shared/schemas.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { sessionUnknown } from '../../shared/session-access.ts';
import { eventOf } from '../audit/views.ts';
import { sessionBody } from './schemas.ts';
import { tracesOf } from './trace.ts';
import { sessionOf } from './views.ts';

const { endpoint } = declare<Pick<GatewayServices, 'readModel' | 'access'>>();

const PAGE = 200;
/** Events of a trace: those of some two hundred turns. */
const EVENTS_MAX = 1_000;

const step = z
  .object({
    record: z.string().meta({ description: 'Name of the record', examples: ['TurnCompleted'] }),
    id: z.string().meta({ description: '`ce_id` of the record', examples: ['4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c05'] }),
    topic: z.string().meta({ description: 'Topic of the record' }),
    partition: z.int().nullable().meta({ description: 'Partition of the record' }),
    offset: z
      .int()
      .nullable()
      .meta({ description: 'Offset of the record; null for a command, which only its topic has' }),
    at: z.string().meta({ description: 'Time of the append, RFC 3339; of a command, its own time' }),
    after_ms: z.number().meta({ description: 'Milliseconds since the command' }),
    decide_us: z
      .number()
      .nullable()
      .meta({ description: 'Microseconds that the processor took; null for a record that carries none' }),
  })
  .meta({ id: 'TraceStep' });

/** Schema of the features of a decision. */
export const featureScores = z.array(z.object({ name: z.string(), value: z.number(), weight: z.number() })).meta({
  description: 'Features of the score: each value, from 0 to 1, counts by its weight',
  examples: [[{ name: 'prompt_safety', value: 1, weight: 0.35 }]],
});

const tracedDecision = z
  .object({
    command_id: z.string().meta({ description: 'Id of the command' }),
    command_type: z.string().meta({ description: 'Type of the command', examples: ['khipu.sessions.StartSession'] }),
    decision: decisionSchema,
    features: featureScores,
    labels: z.array(z.string()).meta({ description: 'Labels of the command, declared or found in its text' }),
  })
  .meta({ id: 'TracedDecision' });

const traceBody = z
  .object({
    session: sessionBody,
    chains: z
      .array(
        z.object({
          command_id: z.string().meta({ description: 'Id of the command' }),
          steps: z.array(step).meta({ description: 'The command, then what it caused, in the order of causes' }),
        }),
      )
      .meta({ description: 'One chain for each command of the session, in order' }),
    decisions: z.array(tracedDecision).meta({ description: 'The policy decision on each command' }),
    rows: z.record(z.string(), z.int()).meta({
      description: 'Number of rows of the session in each read model',
      examples: [{ sessions: 1, turns: 1, usage: 1, events: 9 }],
    }),
    complete: z.boolean().meta({ description: `False when the session has more than ${EVENTS_MAX} events` }),
  })
  .meta({ id: 'SessionTrace', description: 'A session from its commands to its rows' });

async function eventsOf(
  { readModel }: Pick<GatewayServices, 'readModel'>,
  tenantId: string,
  sessionId: string,
): Promise<{ readonly events: readonly StoredEvent[]; readonly complete: boolean }> {
  const events: StoredEvent[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof readModel.events>> = await readModel.events(tenantId, sessionId, {
      limit: PAGE,
      cursor,
    });
    events.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && events.length < EVENTS_MAX);
  return { events, complete: cursor === null };
}

function decisionIn({ type, data }: StoredEvent): readonly z.infer<typeof tracedDecision>[] {
  const decision = shortName(type) === 'PolicyDecided' ? decisionFromWire(data['decision']) : null;
  if (decision === null) return [];
  const features = (data['features'] ?? []) as z.infer<typeof featureScores>;
  return [
    {
      command_id: String(data['command_id']),
      command_type: String(data['command_type']),
      decision,
      features: features.map(({ name, value, weight }) => ({ name, value, weight })),
      labels: (data['labels'] ?? []) as string[],
    },
  ];
}

/** Route of a session's trace. */
export const traceSessionRoute = endpoint({
  operationId: 'traceSession',
  tag: 'sessions',
  summary: 'Trace a session from its commands to its rows, with decisions, positions in the log and latencies',
  url: '/v1/sessions/:session_id/trace',
  auth: 'any',
  params: sessionFields,
  views: ['sessions', 'turns', 'usage', 'events'],
  response: traceBody,
  problems: ['SESSION_UNKNOWN'],
  check: async ({ caller, params, services }) => {
    if (caller.kind === 'session') await services.access.check(caller, params.session_id);
  },
  answer: async ({ caller: { tenantId }, params: { session_id: sessionId }, services }) => {
    const detail = await services.readModel.sessionDetail(tenantId, sessionId);
    if (detail === undefined) throw sessionUnknown(sessionId);
    const { events, complete } = await eventsOf(services, tenantId, sessionId);
    return {
      session: sessionOf(detail),
      chains: tracesOf(events.map(eventOf), new Map()).map(({ command_id, steps }) => ({
        command_id,
        steps: steps.map((each) => ({ ...each })),
      })),
      decisions: events.flatMap(decisionIn),
      rows: { sessions: 1, turns: detail.turns.length, usage: detail.usage.length, events: events.length },
      complete,
    };
  },
});
