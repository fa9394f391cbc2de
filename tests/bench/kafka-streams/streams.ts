import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findJava } from '../../../infra/local/parts/java.ts';
import { startChild } from '../../../infra/local/process/child.ts';
import { schemas } from '../../../schemas/generated/schemas.ts';
import { recordNames } from '../../../streams/kernel/local-codec.ts';
import { INPUT_RECORD, OUTPUT_RECORD } from '../runtime/job.ts';
import { type SubjectProcess, subjectOf } from '../runtime/subjects/subject-process.ts';
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
  /** Settings of StreamsConfig that replace the defaults. */
  readonly config?: Readonly<Record<string, string | number>>;
  readonly note: (text: string) => void;
}

/** Options that a user would choose on such a machine: the JVM's default collector, and a heap that is never full. */
const JVM_ARGS = ['-Xms256m', '-Xmx1g'];

const schemaId = (name: (typeof recordNames)[number]): number => recordNames.indexOf(name) + 1;

/** Starts the Java program in its own process. */
export async function startStreams(options: StreamsOptions): Promise<SubjectProcess> {
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
    // Members must leave the group when they close; otherwise the next run of the same application waits for the
    // session timeout.
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
  return subjectOf((onStdout) =>
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
