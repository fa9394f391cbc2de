import type { Style } from '../show/style.ts';
import type { TailRecord } from './tail-record.ts';

/** Returns the lines of a record: its envelope, then its data as JSON. */
export function recordText(record: TailRecord, style: Style): string {
  const { at, topic, partition, offset, type, key, tenant, data, error } = record;
  const head = [
    style.dim(at.slice(11, 23)),
    `${topic}/${partition}@${offset}`,
    error === null ? style.strong(type ?? 'no envelope') : style.bad(`${type ?? 'no envelope'} ${error}`),
    `key ${key ?? '–'}`,
    ...(tenant === null ? [] : [`tenant ${tenant}`]),
  ];
  return `${head.join('  ')}\n  ${data === null ? style.dim('tombstone') : JSON.stringify(data)}`;
}
