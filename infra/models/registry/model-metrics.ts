import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Metrics of the providers of models. */
export interface ModelMetrics {
  readonly calls: Counter<'provider' | 'model' | 'outcome'>;
  readonly fallbacks: Counter<'provider' | 'model' | 'code'>;
  readonly tokens: Counter<'provider' | 'model' | 'kind'>;
  readonly generated: Counter<'provider' | 'model'>;
  readonly firstTokenSeconds: Histogram<'provider'>;
  /** Reports the circuit of each provider, by name, whenever metrics are read. */
  watchCircuits(circuits: () => ReadonlyMap<string, boolean>): void;
}

/** Creates and registers the metrics. */
export function createModelMetrics(register: Registry): ModelMetrics {
  const registers = [register];
  let circuits: () => ReadonlyMap<string, boolean> = () => new Map();
  new Gauge({
    name: 'khipu_model_circuit_open',
    help: '1 while calls to the provider are refused without being sent, because too many have failed',
    labelNames: ['provider'],
    registers,
    collect() {
      for (const [provider, isOpen] of circuits()) this.set({ provider }, isOpen ? 1 : 0);
    },
  });
  return {
    calls: new Counter({
      name: 'khipu_model_calls_total',
      help: 'Calls to providers of models by outcome: completed, or the code of the failure; SLM_CIRCUIT_OPEN for calls that were not sent',
      labelNames: ['provider', 'model', 'outcome'],
      registers,
    }),
    fallbacks: new Counter({
      name: 'khipu_model_fallbacks_total',
      help: 'Calls that went on to the next provider of their model, by the provider that failed and its code',
      labelNames: ['provider', 'model', 'code'],
      registers,
    }),
    tokens: new Counter({
      name: 'khipu_model_tokens_total',
      help: 'Tokens of completed calls, by kind: prompt or completion',
      labelNames: ['provider', 'model', 'kind'],
      registers,
    }),
    generated: new Counter({
      name: 'khipu_model_generated_tokens_total',
      help: 'Tokens of generated text as it arrives, counted without a tokenizer; those of calls that fail or are cancelled included',
      labelNames: ['provider', 'model'],
      registers,
    }),
    firstTokenSeconds: new Histogram({
      name: 'khipu_model_first_token_seconds',
      help: 'Time from a call to its first text, queueing and retries included',
      labelNames: ['provider'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
      registers,
    }),
    watchCircuits: (read) => {
      circuits = read;
    },
  };
}
