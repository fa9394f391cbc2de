import { type Metric, seriesIdOf, WHOLE_TENANT } from '../../schemas/contexts/anomalies.ts';
import { type ToolCallCompleted, takeMeasure } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { type Meta, processor, type RecordOf, type RecordsOf } from '../kernel.ts';

const inputs = [topics.slmMetrics, topics.toolsCalls, topics.policyDecisions, topics.jobsEvents] as const;
type Input = RecordsOf<typeof inputs>;
type Measured = RecordOf<'TakeMeasure'>;

/** Bound on the hosts of one call: its record names at most 32 requests. */
const HOSTS_MAX = 32;
/** Longest subject that is distinguished. */
const SUBJECT_CHARS_MAX = 200;

function measure(
  meta: Meta,
  metric: Metric,
  name: string,
  { value = 1, label = null }: { readonly value?: number; readonly label?: string | null } = {},
): Measured {
  const { tenantId, id: recordId, topic, partition, offset, timeMs, appendedAtMs = timeMs } = meta;
  const subject = name.slice(0, SUBJECT_CHARS_MAX);
  return takeMeasure({
    ...{ seriesId: seriesIdOf(tenantId, metric, subject), tenantId, metric, subject, value, label },
    ...{ at: Math.min(timeMs, appendedAtMs), source: { recordId, topic, partition, offset } },
  });
}

/** Returns the measures of a call: of its tool, of the mix of tools, and of each host that it asked. */
function ofCall({ toolId, requests }: ToolCallCompleted, meta: Meta): readonly Measured[] {
  const hosts = new Set(
    requests.flatMap(({ host, outcome }) => (host === null || outcome === 'refused' ? [] : [host])),
  );
  return [
    measure(meta, 'calls', toolId),
    measure(meta, 'mix', WHOLE_TENANT, { label: toolId }),
    ...[...hosts].slice(0, HOSTS_MAX).map((label) => measure(meta, 'hosts', toolId, { label })),
  ];
}

/** Returns what a record adds to series. Simulated records report nothing that happened. */
export function decide(_: unknown, record: Input, meta: Meta): readonly Measured[] {
  if (meta.simulation !== undefined) return [];
  switch (record.type) {
    case 'SlmMetered': {
      const { prompt, completion } = record.data.tokensConsumed;
      return [measure(meta, 'tokens', record.data.modelId, { value: Math.max(0, prompt) + Math.max(0, completion) })];
    }
    case 'ToolCallCompleted':
      return ofCall(record.data, meta);
    case 'PolicyDecided':
      return record.data.decision.outcome === 'deny' ? [measure(meta, 'denials', WHOLE_TENANT)] : [];
    case 'JobAccepted':
      return record.data.simulation === null ? [measure(meta, 'jobs', record.data.type)] : [];
    default:
      return [];
  }
}

/** Takes the measures of use and behaviour, and hands each to the task of its series. */
export const anomalyMeasures = processor({
  name: 'anomaly-measures',
  inputs,
  outputs: [topics.anomaliesMeasures],
  lingerMs: 100,
  key: (_, { key }) => key,
  decide,
});
