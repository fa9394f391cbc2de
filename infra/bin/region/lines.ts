import { isoOf } from '../../../schemas/instant.ts';
import type { NamedRecord, RegionReport } from '../../regions/promote.ts';

const NAMED_MAX = 50;

const nameOf = ({ id, type, topic }: NamedRecord): string => `${id ?? 'without id'}  ${topic}  ${type ?? ''}`;

function section<T>(title: string, items: readonly T[], line: (item: T) => string): readonly string[] {
  const more = items.length - NAMED_MAX;
  return [
    `${title}: ${items.length}`,
    ...items.slice(0, NAMED_MAX).map((item) => `  ${line(item)}`),
    ...(more > 0 ? [`  and ${more} more; --json prints all`] : []),
  ];
}

/** Returns a report as text: every record by its id, the first ones of each kind. */
export const reportLines = (report: RegionReport): readonly string[] => [
  `region ${report.region ?? 'none'}, term ${report.term}`,
  `newest record ${report.newestMs === null ? 'none' : isoOf(report.newestMs)}; ${report.checked} records checked`,
  ...section('cut off', report.dropped, (record) => `${nameOf(record)}  ${record.reason}`),
  ...section('run again', report.again, (record) => `${nameOf(record)}  by ${record.reader}`),
  ...section('appended again', report.appended, nameOf),
];
