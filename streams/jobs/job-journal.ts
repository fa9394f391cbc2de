import { type JobEntry, jobEntriesDropped, jobEntryKept, loadJobEntries } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { type AnyRecord, assertNever, processor, type RecordOf } from '../kernel.ts';
import { isSameEntry, pageKeyOf } from './keys.ts';

type Input = RecordOf<'KeepJobEntry' | 'SendJobEntries' | 'DropJobEntries'>;
type Output = RecordOf<'JobEntryKept' | 'JobEntriesDropped' | 'LoadJobEntries'>;

/**
 * A part of a journal: its entries in the order in which they were kept, which is the order of results in a replay; null
 * once it was dropped.
 */
export type JournalState = readonly JobEntry[] | null;

/** Decides on one entry to keep, or on a request to send or drop a part. A part without entries is sent as well. */
export function decide(entries: JournalState, { type, data }: Input): readonly Output[] {
  switch (type) {
    case 'KeepJobEntry':
      return [jobEntryKept(data)];
    case 'SendJobEntries': {
      const { jobId, generation, page } = data;
      return [loadJobEntries({ pageKey: pageKeyOf(jobId), jobId, generation, page, entries: entries ?? [] })];
    }
    case 'DropJobEntries':
      return [jobEntriesDropped(data)];
    default:
      return assertNever(type);
  }
}

/**
 * Folds one output into a part: an entry replaces one of the same key and comes last; a page that is sent changes
 * nothing.
 */
export function evolve(entries: JournalState, event: AnyRecord): JournalState {
  switch (event.type) {
    case 'JobEntryKept':
      return withEntry(entries ?? [], event.data.entry);
    case 'JobEntriesDropped':
      return null;
    default:
      return entries;
  }
}

const withEntry = (entries: readonly JobEntry[], entry: JobEntry): readonly JobEntry[] => [
  ...entries.filter((kept) => !isSameEntry(kept, entry)),
  entry,
];

/**
 * Keeps the journals of jobs, in parts, and sends them to the worker of a run. The key of an entry is its name in the
 * handler, never the order in which it came: parallel steps end in any order. State: the entries of one part, at most
 * 64 of them and 256 KiB.
 */
export const jobJournal = processor({
  name: 'job-journal',
  inputs: [topics.jobsEntries],
  outputs: [topics.jobsJournal, topics.jobsWork],
  state: topics.jobJournalState,
  initial: [] as JournalState,
  finished: (entries) => entries === null,
  key: ({ data }) => data.chunkId,
  decide,
  evolve,
});
