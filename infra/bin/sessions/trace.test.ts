import { expect, it } from 'vitest';
import { commandsOf, tracesOf } from '../../../gateways/http/sessions/trace.ts';
import type { Schemas } from '../../client/api.ts';
import { styleOf } from '../show/style.ts';
import { traceText } from './print-trace.ts';
import type { SessionTrace } from './read-trace.ts';

const COMMAND = 'c0';

interface Given {
  readonly id: string;
  readonly type: string;
  readonly cause: string;
  readonly ms: number;
  readonly topic: string;
  readonly offset: number;
  readonly data?: object;
}

const event = ({ id, type, cause, ms, topic, offset, data = {} }: Given): Schemas['Event'] =>
  ({
    ...{ event_id: id, type: `khipu.x.${type}`, topic, partition: 3, offset, data },
    appended_at: new Date(1_000_000 + ms).toISOString(),
    metadata: {
      ce_time: new Date(1_000_000).toISOString(),
      ce_causationid: cause,
      ce_correlationid: COMMAND,
      ce_decidelatencyus: '12',
    },
  }) as unknown as Schemas['Event'];

const decided = event({
  ...{ id: 'd', type: 'PolicyDecided', cause: COMMAND, ms: 8, topic: 'policy.decisions', offset: 5 },
  data: { command_id: COMMAND, command: { type: 'khipu.sessions.StartSession', data: {} } },
});
const started = event({ id: 's', type: 'SessionStarted', cause: 'd', ms: 8, topic: 'sessions.events', offset: 2 });
const ended = event({ id: 'e', type: 'TurnCompleted', cause: 's', ms: 90, topic: 'conversation.events', offset: 9 });

it('a chain begins with the command, and a cause comes before its effects at the same time', () => {
  const [trace] = tracesOf([ended, started, decided], new Map());
  expect(trace?.steps.map(({ record, offset, after_ms: after }) => [record, offset, after])).toEqual([
    ['StartSession', null, 0],
    ['PolicyDecided', 5, 8],
    ['SessionStarted', 2, 8],
    ['TurnCompleted', 9, 90],
  ]);
});

it('latencies begin with the record of the command, where it was found', () => {
  expect(commandsOf([decided])).toEqual([
    { id: COMMAND, type: 'khipu.sessions.StartSession', partition: 3, atMs: 1_000_000 },
  ]);
  const found = new Map([[COMMAND, { topic: 'sessions.commands', partition: 3, offset: 41, timestampMs: 1_000_003 }]]);
  const [trace] = tracesOf([decided], found);
  expect(trace?.steps.map(({ offset, after_ms: after, decide_us: decide }) => [offset, after, decide])).toEqual([
    [41, 0, null],
    [5, 5, 12],
  ]);
});

it('the text has the chain, the rows, and the way to the offsets of commands', () => {
  const session = {
    ...{ session_id: 's-1', status: 'started', persona: 'guide', turn_count: 1 },
    decision: { outcome: 'allow', score: 0.97, threshold: 0.75, reasons: ['PERMITTED'] },
  } as unknown as SessionTrace['session'];
  const chains = tracesOf([decided, started], new Map());
  const text = traceText({ session, chains, rows: { events: 2 }, log_read: false }, styleOf(process.stdout, {}));
  expect(text).toContain('session s-1  started, persona guide, 1 turn\n  allow with score 0.97, needs 0.75: PERMITTED');
  expect(text).toMatch(/StartSession +sessions\.commands +3 +– +0/);
  expect(text).toMatch(/SessionStarted +sessions\.events +3 +2 +8 +12/);
  expect(text).toMatch(/events +2/);
  expect(text).toContain('set KAFKA_BROKERS');
});
