import { describe, expect, it } from 'vitest';
import { builtInPersonas } from '../../../schemas/contexts/personas/built-in.ts';
import { withPersona } from '../../../schemas/contexts/personas/library.ts';
import { type GoldenSet, type NoteChange, noteChange, type Persona } from '../../../schemas/generated/records.ts';
import { createLocalCodec } from '../../../streams/kernel/local-codec.ts';
import { metaFor } from '../../../streams/kernel/testing.ts';
import { modelsDigest } from '../../evaluations/start.ts';
import { RecordDecoder } from '../../kafka/decode.ts';
import type { OutgoingRecord } from '../../kafka/port.ts';
import { concerns, createWatcher } from './handler.ts';

const decoder = new RecordDecoder(createLocalCodec(), () => Promise.reject(new Error('no registry')));
const models = { models: [] };
const personas = builtInPersonas.reduce(withPersona, new Map());
const set = (over: Partial<GoldenSet> = {}): GoldenSet => ({
  ...{ goldenSetId: 'demo/hours', tenantId: 'demo', status: 'kept', version: 2, description: '', persona: 'guide' },
  ...{
    content: { digest: 'a'.repeat(64), bytes: 2, pieces: 1 },
    cases: 1,
    tools: ['clock'],
    labels: ['customer-data'],
  },
  ...{ triggers: ['persona', 'tool', 'memory', 'constitution', 'model'], principal: 'key-1', credential: null },
  ...{ capabilities: ['jobs:start:*'], baseline: null, lastVerdict: null, modelsDigest: null, changedAt: 0 },
  ...{ place: 'demo/1', ...over },
});
const change = (over: Partial<NoteChange> = {}): NoteChange => ({
  ...{ subject: 'persona:*:guide', cause: 'persona', tenantId: null, name: 'guide', version: '2', ...over },
});

/** A watcher of golden sets, with the jobs that it starts. */
function watching(sets: readonly GoldenSet[], known = personas) {
  const appended: OutgoingRecord[] = [];
  const watcher = createWatcher({
    log: {
      appender: async () =>
        ({
          append: async (records: readonly OutgoingRecord[]) => void appended.push(...records),
          close: async () => undefined,
        }) as never,
      partitionCounts: async () => new Map([['jobs.commands', 4]]),
    },
    ...{ decoder, models, goldenSets: () => new Map(sets.map((each) => [each.goldenSetId, each])), now: () => 1_000 },
    personas: () => known,
  });
  const handle = (of: NoteChange) => {
    const record = noteChange(of);
    return watcher.handle(record, { meta: metaFor(record) } as never);
  };
  return { watcher, handle, appended };
}

describe('a change concerns a golden set', () => {
  it.each<[string, Partial<NoteChange>, Partial<GoldenSet>, boolean]>([
    ['of its persona', {}, {}, true],
    ['of another persona', { name: 'teacher', subject: 'persona:*:teacher' }, {}, false],
    ['of a persona of another tenant', { tenantId: 'acme', subject: 'persona:acme:guide' }, {}, false],
    ['without such a trigger', {}, { triggers: ['tool'] }, false],
    ['that was removed', {}, { status: 'removed' }, false],
    ['of a tool of its cases', { cause: 'tool', name: 'clock', tenantId: 'demo' }, {}, true],
    ['of another tool', { cause: 'tool', name: 'door', tenantId: 'demo' }, {}, false],
    ['of a memory', { cause: 'memory', name: 'shared', tenantId: 'demo' }, {}, true],
    ['of a constitution', { cause: 'constitution', name: '2.0.0' }, {}, true],
  ])('%s', (_, of, over, expected) => expect(concerns(set(over), change(of), personas)).toBe(expected));

  it('not where the tenant has a persona of its own in place of that of the platform', () => {
    const own: Persona = { ...(builtInPersonas[0] as Persona), entryId: 'persona:demo:guide', tenantId: 'demo' };
    const known = withPersona(personas, own);
    expect(concerns(set(), change(), known)).toBe(false);
    expect(concerns(set(), change({ tenantId: 'demo', subject: own.entryId }), known)).toBe(true);
  });
});

describe('the watcher', () => {
  it('starts a job in the name of who set the trigger, once a change', async () => {
    const { handle, appended } = watching([set(), set({ goldenSetId: 'demo/other', triggers: [] })]);
    await handle(change());
    await handle(change());
    expect(appended.map(({ key }) => key)).toEqual([appended[0]?.key, appended[0]?.key]);
    const { record, meta } = await decoder.decode({
      ...(appended[0] as object),
      partition: 0,
      offset: 0,
      timestampMs: 0,
    } as never);
    expect(meta).toMatchObject({ tenantId: 'demo' });
    expect(record).toMatchObject({
      type: 'StartJob',
      data: {
        ...{
          type: 'persona.recheck',
          principal: 'key-1',
          capabilities: ['jobs:start:*'],
          concurrencyKey: 'demo/hours',
        },
        ...{ lane: 'batch', labels: ['customer-data'], tags: ['evaluation', 'cause:persona'] },
      },
    });
    const { input } = record.data as { readonly input: string };
    expect(JSON.parse(input)).toMatchObject({
      ...{ cause: 'persona', golden_set: { id: 'demo/hours', version: 2 }, persona: { name: 'guide', version: 1 } },
    });
  });

  it('starts none for a persona that was removed', async () => {
    const { handle, appended } = watching([set({ persona: 'absent' })]);
    await handle(change({ cause: 'constitution', name: '2.0.0' }));
    expect(appended).toEqual([]);
  });

  it('starts those whose latest run had other models, and no other', async () => {
    const { watcher, appended } = watching([
      set({ modelsDigest: 'b'.repeat(64) }),
      set({ goldenSetId: 'demo/same', modelsDigest: modelsDigest(models) }),
      set({ goldenSetId: 'demo/new', modelsDigest: null }),
    ]);
    await watcher.modelsChanged();
    expect(appended).toHaveLength(1);
  });
});
