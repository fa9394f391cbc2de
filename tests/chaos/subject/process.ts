/**
 * One process under test: `node tests/chaos/subject/process.ts <group>`. It runs the code of `khipu run stream` and of
 * `khipu run projection`.
 */
import { Registry } from 'prom-client';
import { loadConfig } from '../../../infra/config.ts';
import { openLog } from '../../../infra/kafka/connect.ts';
import { systemClock } from '../../../infra/kit/clock.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { createProjectionMetrics } from '../../../infra/projections/run/metrics.ts';
import { runViews } from '../../../infra/projections/run/run-views.ts';
import { postgresViews } from '../../../infra/projections/sinks/postgres.ts';
import { createRunnerMetrics } from '../../../infra/runner/metrics.ts';
import { runProcessor, runTopology } from '../../../infra/runner/processor/runner.ts';
import { runWorker } from '../../../infra/runner/worker/runner.ts';
import { connectPostgres } from '../../../infra/stores/postgres/client.ts';
import { assertNever } from '../../../streams/kernel.ts';
import { chaosWorker, counting, decoder, type GroupName, relay, tally, workHandler } from './topology.ts';

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
      return runTopology(counting, stream);
    case 'relay':
      return runProcessor(relay, stream);
    case 'worker':
      return runWorker(chaosWorker, workHandler, stream);
    case 'tally': {
      const sql = connectPostgres(config.databaseUrl, { applicationName: member, connectionsMax: 3 });
      const runner = runViews([postgresViews(sql, [tally])], {
        ...shared,
        metrics: createProjectionMetrics(register),
        now: Date.now,
      });
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
