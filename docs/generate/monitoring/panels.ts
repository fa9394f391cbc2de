import { objectives } from '../../../infra/telemetry/monitoring/objectives.ts';
import { type Metric, type MetricGroup, metricGroups } from '../metric-groups.ts';

/** A panel: lines over time. */
export interface Panel {
  readonly title: string;
  readonly description: string;
  /** Grafana's name of a unit, such as `s` or `short`. */
  readonly unit: 's' | 'percentunit' | 'short' | 'ops';
  readonly queries: readonly { readonly expr: string; readonly legend: string }[];
}

export interface DashboardSpec {
  /** Stays the same: links to a dashboard use it. */
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

const by = (labels: readonly string[]): string => (labels.length === 0 ? '' : ` by (${labels.join(', ')})`);
const legendOf = (labels: readonly string[]): string =>
  labels.length === 0 ? 'all' : labels.map((label) => `{{${label}}}`).join(' ');

/** Partitions are added up: a panel with a line for each is not read. */
const shown = ({ labelNames = [] }: Metric): readonly string[] => labelNames.filter((label) => label !== 'partition');

const QUANTILES = [0.5, 0.95, 0.99];

/** Returns the panel of a metric: the rate of a counter, the value of a gauge, quantiles of a histogram. */
export function panelOf(metric: Metric): Panel {
  const { name, help, type } = metric;
  const labels = shown(metric);
  const title = name
    .replace(/^khipu_/, '')
    .replace(/_total$/, '')
    .replaceAll('_', ' ');
  if (type === 'histogram')
    return {
      title,
      description: help,
      unit: name.endsWith('_seconds') ? 's' : 'short',
      queries: QUANTILES.map((quantile) => ({
        expr: `histogram_quantile(${quantile}, sum by (${[...labels, 'le'].join(', ')}) (rate(${name}_bucket[$__rate_interval])))`,
        legend: `p${quantile * 100} ${legendOf(labels)}`,
      })),
    };
  const isRate = type === 'counter';
  return {
    title,
    description: help,
    unit: isRate ? 'ops' : name.endsWith('_seconds') ? 's' : 'short',
    queries: [
      { expr: `sum${by(labels)} (${isRate ? `rate(${name}[$__rate_interval])` : name})`, legend: legendOf(labels) },
    ],
  };
}

const idOf = (title: string): string => title.toLowerCase().replaceAll(/[^a-z]+/g, '-');

const ofGroup = ({ title, lists }: MetricGroup): DashboardSpec => ({
  uid: `khipu-${idOf(title)}`,
  title: `Khipu: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
  panels: lists.flatMap(({ metrics }) => metrics.map(panelOf)),
});

const overview: DashboardSpec = {
  uid: 'khipu-overview',
  title: 'Khipu: overview',
  panels: [
    ...objectives.map(
      ({ name, title, counts, target }): Panel => ({
        title,
        description: `Share of bad events; good ones are ${counts}. Allowed: ${Number((100 * (1 - target)).toFixed(3))} %.`,
        unit: 'percentunit',
        queries: ['5m', '1h', '6h'].map((window) => ({
          expr: `khipu:${name}_bad:ratio_rate${window}`,
          legend: window,
        })),
      }),
    ),
    {
      title: 'Requests by status',
      description: 'HTTP requests a second, without streams.',
      unit: 'ops',
      queries: [{ expr: 'khipu:http_requests:rate5m', legend: '{{status}}' }],
    },
    {
      title: 'Decisions',
      description: 'Decisions of the policy a second.',
      unit: 'ops',
      queries: [{ expr: 'khipu:decisions:rate5m', legend: '{{outcome}} {{reason}}' }],
    },
    {
      title: 'Time to drain',
      description: 'How long each processor needs for what waits, at the rate at which it reads now.',
      unit: 's',
      queries: [{ expr: 'khipu:time_to_drain_seconds:rate5m', legend: '{{processor}}' }],
    },
    {
      title: 'Records that wait',
      description: 'Offsets between what is processed and the end of the input.',
      unit: 'short',
      queries: [
        { expr: 'khipu:lag_records:sum', legend: '{{processor}}' },
        { expr: 'khipu:projection_lag_records:sum', legend: 'view {{view}}' },
      ],
    },
    {
      title: 'Dead letters in 15 minutes',
      description: 'Records that a processor or a read model could not take.',
      unit: 'short',
      queries: [{ expr: 'khipu:dead_letters:increase15m', legend: '{{processor}} {{code}}' }],
    },
    {
      title: 'Memory of processes',
      description: 'Resident memory, bytes.',
      unit: 'short',
      queries: [{ expr: 'process_resident_memory_bytes', legend: '{{job}} {{instance}}' }],
    },
  ],
};

/** One dashboard for the whole, and one for each group of metrics with a panel for each metric. */
export const dashboardSpecs: readonly DashboardSpec[] = [overview, ...metricGroups.map(ofGroup)];
