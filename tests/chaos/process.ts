/** One process under test: `node tests/chaos/process.ts <group>`. What it runs is what `khipu stream` and `khipu projection` run. */
import { Registry } from 'prom-client';
import { loadConfig } from '../../infra/config.ts';
import { systemClock } from '../../infra/kafka/clock.ts';
import { openLog } from '../../infra/kafka/connect.ts';
import { createRunnerMetrics } from '../../infra/kafka/runner/metrics.ts';
import { runProcessor } from '../../infra/kafka/runner/processor-runner.ts';
import { runWorker } from '../../infra/kafka/runner/worker-runner.ts';
import { connectPostgres } from '../../infra/postgres/client.ts';
import { createProjectionMetrics } from '../../infra/projections/metrics.ts';
import { PostgresSink } from '../../infra/projections/postgres-sink.ts';
import { runView } from '../../infra/projections/run-view.ts';
import { createLogger } from '../../infra/telemetry/logger.ts';
import { assertNever } from '../../streams/kernel.ts';
import { chaosWorker, counter, decoder, type GroupName, relay, tally, workHandler } from './topology.ts';

const [, , group, member] = process.argv as [string, string, GroupName, string];
const config = loadConfig();
const logger = createLogger(member, config.logLevel);
const log = openLog(config, member, logger);
const register = new Registry();

const onFatal = (error: unknown): void => {
  logger.fatal({ error }, 'cannot go on');
  process.exit(1);
};

function run(): { close(): Promise<void> } {
  const shared = { log, decoder, logger, onFatal };
  const stream = { ...shared, metrics: createRunnerMetrics(register), clock: systemClock };
  switch (group) {
    case 'counter':
      return runProcessor(counter, stream);
    case 'relay':
      return runProcessor(relay, stream);
    case 'worker':
      return runWorker(chaosWorker, workHandler, stream);
    case 'tally': {
      const sql = connectPostgres(config.databaseUrl, { applicationName: member, connectionsMax: 3 });
      const view = { ...tally, sink: new PostgresSink(sql, tally) };
      const runner = runView(view, { ...shared, metrics: createProjectionMetrics(register), now: Date.now });
      return {
        close: async () => {
          await runner.close();
          await sql.end({ timeout: 1 });
        },
      };
    }
    default:
      return assertNever(group);
  }
}

const runner = run();
process.once('SIGTERM', () => {
  void runner
    .close()
    .then(() => log.close())
    .then(() => process.exit(0));
});
