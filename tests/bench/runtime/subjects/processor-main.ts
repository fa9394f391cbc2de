/** A process with one processor, the counting job, in the production runner. Started by khipu.ts. */
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { RecordDecoder } from '../../../../infra/kafka/decode.ts';
import { systemClock } from '../../../../infra/kit/clock.ts';
import { createRunnerMetrics } from '../../../../infra/runner/metrics.ts';
import { runProcessor } from '../../../../infra/runner/processor/runner.ts';
import { UndecodableError } from '../../../../schemas/codec.ts';
import { codec, counting, jobTopics } from '../job.ts';
import { type Driver, openBenchLog } from './khipu.ts';
import { withoutTransactions } from './plain-log.ts';

const [driver = 'kafkajs', brokers = '', name = '', input = '', mode = 'transactions'] = process.argv.slice(2);

const real = openBenchLog(driver as Driver, brokers);
const log = mode === 'plain' ? withoutTransactions(real, brokers) : real;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The runner logs how long the takeover of its partitions took. */
const logger = pino(
  {},
  {
    write: (line: string) => {
      const { takeoverMs } = JSON.parse(line) as { takeoverMs?: number };
      if (takeoverMs !== undefined) say(`RUNNING ${takeoverMs}`);
      process.stderr.write(line);
    },
  },
);

const runner = runProcessor(counting(jobTopics(name, input)), {
  log,
  decoder: new RecordDecoder(codec, async (id) => {
    throw new UndecodableError('RECORD_UNKNOWN', `no schema ${id}`);
  }),
  metrics: createRunnerMetrics(new Registry()),
  logger,
  clock: systemClock,
  onFatal: (error) => {
    say(`FAILED ${error}`);
    process.exit(1);
  },
});

process.once('SIGTERM', () => {
  void runner
    .close()
    .then(() => log.close())
    .finally(() => process.exit(0));
});
