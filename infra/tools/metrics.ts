import { Counter, type Registry } from 'prom-client';

/** The metrics of the tool worker. */
export interface ToolMetrics {
  readonly calls: Counter<'tool' | 'outcome'>;
}

/** Creates and registers the metrics. */
export const createToolMetrics = (register: Registry): ToolMetrics => ({
  calls: new Counter({
    name: 'khipu_tool_calls_total',
    help: 'Calls of tools that ended: succeeded, failed or unknown',
    labelNames: ['tool', 'outcome'],
    registers: [register],
  }),
});
