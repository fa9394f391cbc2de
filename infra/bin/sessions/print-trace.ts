import type { Trace } from '../../../gateways/http/sessions/trace.ts';
import { cell } from '../show/fields.ts';
import { type Style, table } from '../show/style.ts';
import type { SessionTrace } from './read-trace.ts';

function chainText({ command_id: id, steps }: Trace, style: Style): string {
  const rows = steps.map(({ record, topic, partition, offset, after_ms: after, decide_us: decide }) => [
    ...[record, topic, cell(partition), cell(offset), String(after), cell(decide)],
  ]);
  const head = ['record', 'topic', 'partition', 'offset', 'after ms', 'decided in µs'];
  return `${style.title(`command ${id}`)}\n${table([head, ...rows])}`;
}

/** Returns the text of a trace: the session, the chain of each command, and the rows. */
export function traceText({ session, chains, rows, log_read }: SessionTrace, style: Style): string {
  const { session_id: id, status, persona, turn_count: turns, decision } = session;
  const verdict =
    decision === null
      ? 'no decision yet'
      : `${decision.outcome} with score ${decision.score.toFixed(2)}, needs ${decision.threshold.toFixed(2)}: ${decision.reasons.join(', ')}`;
  return [
    `${style.strong(`session ${id}`)}  ${status}, persona ${persona ?? '–'}, ${turns} turn${turns === 1 ? '' : 's'}`,
    `  ${verdict}`,
    ...chains.flatMap((chain) => ['', chainText(chain, style)]),
    '',
    style.title('rows'),
    table([['read model', 'rows'], ...Object.entries(rows).map(([name, count]) => [name, String(count)])]),
    ...(log_read
      ? []
      : [style.dim('offsets of commands need the log: set KAFKA_BROKERS, or add --env-file to the context')]),
  ].join('\n');
}
