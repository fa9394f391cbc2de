import { describe, expect, it } from 'vitest';
import {
  dropJobEntries,
  jobEntriesDropped,
  jobEntryKept,
  keepJobEntry,
  loadJobEntries,
  sendJobEntries,
} from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import { jobJournal } from './job-journal.ts';
import { anEntry, JOB } from './testing.ts';

const { given, when } = scenarios(jobJournal);
const chunk = { chunkId: `${JOB}/0`, jobId: JOB };
const kept = (entry: ReturnType<typeof anEntry>) => jobEntryKept({ ...chunk, entry });
const send = sendJobEntries({ ...chunk, generation: 4, page: 0 });
const loaded = (...entries: ReturnType<typeof anEntry>[]) =>
  loadJobEntries({ pageKey: `${JOB}/journal`, jobId: JOB, generation: 4, page: 0, entries });

describe('a part of a journal', () => {
  it('keeps an entry', () => {
    const entry = anEntry('fetch');
    when(keepJobEntry({ ...chunk, entry })).then(kept(entry));
  });

  it('is sent to the worker of a run: its entries, in the order in which they were kept', () => {
    const [a, b] = [anEntry('a'), anEntry('b')];
    given(kept(a), kept(b)).when(send).then(loaded(a, b));
  });

  it('holds one entry a key, the latest, which comes last', () => {
    const attempted = anEntry('a', { outcome: 'attempted', output: null });
    given(kept(attempted), kept(anEntry('b')), kept(anEntry('a')))
      .when(send)
      .then(loaded(anEntry('b'), anEntry('a')));
    const keys = [{}, { nth: 2 }, { path: 'left' }, { name: 'c' }].map((change) => anEntry('a', change));
    given(...keys.map(kept))
      .when(send)
      .then(loaded(...keys));
  });

  it('is sent when it has no entries, so that the worker does not wait for it', () => {
    when(send).then(loaded());
  });

  it('has no state once it was dropped', () => {
    const outcome = given(kept(anEntry('a'))).when(dropJobEntries(chunk));
    outcome.then(jobEntriesDropped(chunk));
    expect(outcome.state).toBeUndefined();
    given(kept(anEntry('a')), jobEntriesDropped(chunk))
      .when(send)
      .then(loaded());
    expect(jobJournal.evolve(null, kept(anEntry('a')))).toEqual([anEntry('a')]);
  });
});
