import type { Command } from 'commander';
import { moment, traceId } from '../parse.ts';
import { jsonOption, print } from '../show/print.ts';

interface ExportOptions {
  readonly from: number;
  readonly until?: number;
  readonly trace?: string;
  readonly unsampled?: true;
  readonly json?: true;
}

async function run({ from, until = Date.now(), trace, unsampled, json }: ExportOptions): Promise<void> {
  const { exportTraces } = await import('../traces/export-traces.ts');
  const { withRecords } = await import('../roles/with-log.ts');
  const { failure } = await import('../failure.ts');
  const report = await withRecords((kafka, { tracing }) => {
    if (tracing === null) throw failure('CONFIG_INVALID', 'OTEL_EXPORTER_OTLP_ENDPOINT is not set');
    const asked = { fromMs: from, untilMs: until, traceId: trace, unsampled: unsampled === true };
    return exportTraces(kafka, tracing, asked);
  });
  print(json, report, () => [`${report.records} records of ${report.traces} traces exported`]);
}

/** Registers `khipu traces export`. */
export function register(program: Command): void {
  program
    .command('traces')
    .description('build the traces of past days again, from the log')
    .command('export')
    .description('export the spans of past records to OTEL_EXPORTER_OTLP_ENDPOINT, under the ids that they had')
    .option('--from <time>', 'only records from this time on, or an age such as 2h', moment, 0)
    .option('--until <time>', 'only records before this time, or an age; default: now', moment)
    .option('--trace <id>', 'only the trace with this id, 32 hex digits', traceId)
    .option('--unsampled', 'also traces that were not sampled')
    .option(...jsonOption)
    .action(run);
}
