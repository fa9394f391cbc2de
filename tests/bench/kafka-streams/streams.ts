import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from '../../../infra/local/child.ts';
import { findJava } from '../../../infra/local/java.ts';
import { schemas } from '../../../schemas/generated/schemas.ts';
import { recordNames } from '../../../streams/kernel/local-codec.ts';
import { INPUT_RECORD, OUTPUT_RECORD } from '../runtime/job.ts';
import { type Side, sideOf } from '../runtime/side.ts';
import { kafkaStreamsClassPath } from './build.ts';

export interface StreamsOptions {
  readonly brokers: string;
  readonly applicationId: string;
  readonly input: string;
  readonly output: string;
  /** Folder of its log, its configuration and, for RocksDB, its state. */
  readonly dir: string;
  readonly store: 'memory' | 'rocksdb';
  readonly caching: boolean;
  /** Of StreamsConfig, over its defaults. */
  readonly config?: Readonly<Record<string, string | number>>;
  readonly note: (text: string) => void;
}

/** As its users would run it on such a machine: the JVM's own choice of collector, and a heap that it never fills. */
const JVM_ARGS = ['-Xms256m', '-Xmx1g'];

const schemaId = (name: (typeof recordNames)[number]): number => recordNames.indexOf(name) + 1;

/** Starts the Java program in a process of its own. */
export async function startStreams(options: StreamsOptions): Promise<Side> {
  const { applicationId, dir, brokers, store, caching } = options;
  mkdirSync(dir, { recursive: true });
  const place = (name: string, text: string): string => {
    const file = join(dir, name);
    writeFileSync(file, text);
    return file;
  };
  const config = {
    'bootstrap.servers': brokers,
    'application.id': applicationId,
    'state.dir': join(dir, 'state'),
    'processing.guarantee': 'exactly_once_v2',
    'num.stream.threads': 1,
    'replication.factor': 1,
    'auto.offset.reset': 'earliest',
    // Its members do not leave when they are closed: the next run of the same application would wait for the session to end.
    'main.consumer.internal.leave.group.on.close': true,
    'bench.input': options.input,
    'bench.output': options.output,
    'bench.input.schema': place('input.avsc', schemas[INPUT_RECORD]),
    'bench.output.schema': place('output.avsc', schemas[OUTPUT_RECORD]),
    'bench.input.schema.id': schemaId(INPUT_RECORD),
    'bench.output.schema.id': schemaId(OUTPUT_RECORD),
    'bench.store': store,
    'bench.caching': caching,
    ...options.config,
  };
  const lines = Object.entries(config).map(([name, value]) => `${name}=${value}\n`);
  const file = place('streams.properties', lines.join(''));
  const classPath = await kafkaStreamsClassPath(options.note);
  return sideOf((onStdout) =>
    startChild({
      name: applicationId,
      command: findJava().command,
      args: [...JVM_ARGS, '-cp', classPath, 'khipu.bench.Count', file],
      log: join(dir, 'streams.log'),
      graceMs: 20_000,
      onStdout,
    }),
  );
}
