import { type Context, createContextKey } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { TracingConfig } from './settings.ts';

const DECIDED = createContextKey('khipu: this span is sampled');

/** Returns a context for a span of which a record says that it is sampled. */
export const sampledIn = (context: Context): Context => context.setValue(DECIDED, true);

function configured({ sampler, ratio }: Pick<TracingConfig, 'sampler' | 'ratio'>): Sampler {
  switch (sampler) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio);
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  }
}

/** Returns the sampler of a process: gateways decide by the settings, everything behind them by what they decided. */
export function samplerOf(config: Pick<TracingConfig, 'sampler' | 'ratio'>): Sampler {
  const gateway = configured(config);
  return {
    shouldSample: (context, ...of) =>
      context.getValue(DECIDED) === true
        ? { decision: SamplingDecision.RECORD_AND_SAMPLED }
        : gateway.shouldSample(context, ...of),
    toString: () => gateway.toString(),
  };
}
