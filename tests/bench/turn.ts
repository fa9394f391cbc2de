/**
 * What a turn costs from outside: 500 sessions with a prompt at 20 a second, open loop, deterministic model.
 * Beside it, in the same run, what of it is governance (from the command to the decision on it), and the physical limit:
 * append a record (acks=all) and see it come back, read_committed.
 */
import { parseArgs } from 'node:util';
import { startTestPlatform } from '../support/platform.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { logRoundTrip, openBenchLog, watchDecisions } from './turn/log-times.ts';
import { openLoop, takeTurn } from './turn/take-turn.ts';

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '500' },
    rate: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log('usage: npm run bench:turn -- [--turns 500] [--rate 20 a second] [--json]');
  process.exit(0);
}
const turns = Number(values.turns);
const rate = Number(values.rate);
/** Until the broker's compiler has settled: for half a minute its transactions become faster and faster. */
const WARM_UP_TURNS = 500;

// A test platform takes nothing of Khipu's from outside; this one is what is measured.
const client = process.env['KHIPU_KAFKA_CLIENT'] ?? 'kafkajs';
const platform = await startTestPlatform({ env: { KHIPU_KAFKA_CLIENT: client } });
const log = openBenchLog(platform.parts.env.KAFKA_BROKERS);
try {
  // A cold platform may answer 202, or late: that is not what is measured here.
  await openLoop(WARM_UP_TURNS, rate / 2, () => takeTurn(platform.url, platform.apiKey).catch(() => null));
  const limit = spreadOf((await logRoundTrip(log, 300)).slice(50));
  const decisions = await watchDecisions(log);
  const samples = await openLoop(turns, rate, () => takeTurn(platform.url, platform.apiKey));
  await decisions.close();
  const created = spreadOf(samples.map(({ createdMs }) => createdMs));
  const firstEvent = spreadOf(samples.map(({ firstEventMs }) => firstEventMs));
  const report = {
    kafka_client: client,
    turns,
    rate_per_second: rate,
    created_201_ms: created,
    first_event_ms: firstEvent,
    decided_ms: spreadOf(decisions.samples),
    log_round_trip_ms: limit,
  };
  if (values.json) console.log(JSON.stringify(report));
  else {
    const row = (name: string, { p50, p95, p99 }: Spread) =>
      console.log(
        `${name.padEnd(34)} p50 ${p50.toFixed(1).padStart(7)}  p95 ${p95.toFixed(1).padStart(7)}  p99 ${p99.toFixed(1).padStart(7)} ms`,
      );
    console.log(`${turns} turns at ${rate} a second, deterministic model, ${client}`);
    row('POST → 201', created);
    row('POST → first SSE event', firstEvent);
    row('of it command → decision, read', report.decided_ms);
    row('limit: append → read back', limit);
    console.log(`POST → 201 is ${(created.p50 / limit.p50).toFixed(1)} round trips of the log`);
  }
} finally {
  await log.close();
  await platform.stop();
}
process.exit(0);
