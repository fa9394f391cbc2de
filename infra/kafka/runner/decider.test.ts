import { describe, expect, it } from 'vitest';
import { schemas } from '../../../schemas/generated/schemas.ts';
import type { Processor } from '../../../streams/kernel.ts';
import { RecordDecoder } from '../decode.ts';
import { RegistryError } from '../registry.ts';
import { valuesOf } from './by-hand-testing.ts';
import { Decider } from './decider.ts';
import { PARTITION, surroundings } from './processor-task-testing.ts';
import { answer, type Count, counter, localDecoder } from './testing.ts';
import { CELLS, NOWHERE } from './whereabouts.ts';

async function open(over: Partial<Processor> = {}, options: Parameters<typeof surroundings>[1] = {}) {
  const around = await surroundings((names) => counter(names, over), options);
  return { ...around, decider: new Decider(around.dependencies), state: around.dependencies.state };
}

/** Works for so many ms; gives back 0. */
function spin(ms: number): number {
  const until = performance.now() + ms;
  while (performance.now() < until);
  return 0;
}

describe('a batch of records', () => {
  it('is decided in order, each with what those before it left of its key; states follow, one a key', async () => {
    const { decider, record, told, state } = await open();
    state.set('b', { count: 7 });
    const staged = await decider.decide([record('0'), record('0', 'b'), record('1'), record('quiet', 'c')]);
    expect(told(staged.records)).toEqual([
      ...['a says 1:0', 'b says 8:0', 'a says 2:1'],
      ...['a holds {"count":2}', 'b holds {"count":8}'],
    ]);
    expect([...staged.state]).toEqual([
      ['a', { count: 2 }],
      ['b', { count: 8 }],
    ]);
    expect([staged.deadCodes, staged.timers.size]).toEqual([[], 0]);
  });

  it('leaves the committed state as it is, so that it comes out the same when it is decided again', async () => {
    const { decider, record, told, state } = await open();
    state.set('a', { count: 7 });
    const records = [record('0'), record('1')];
    const idsOf = (staged: Awaited<ReturnType<Decider['decide']>>) =>
      staged.records.map(({ headers }) => headers['ce_id']);
    const first = await decider.decide(records);
    const again = await decider.decide(records);
    expect(state.get('a')).toEqual({ count: 7 });
    expect(told(again.records)).toEqual(told(first.records));
    expect(idsOf(again)).toEqual(idsOf(first));
  });

  it('stages nothing for a key that nothing came out of, nor for a record without a key of state', async () => {
    const { decider, record } = await open({
      key: ({ data }) => ('prompt' in data && data.prompt === 'pass' ? null : 'a'),
    });
    const staged = await decider.decide([record('quiet'), record('pass')]);
    expect(staged).toEqual({ records: [], state: new Map(), timers: new Map(), deadCodes: [] });
  });

  it('begins a finished aggregate anew, whether its end stands in the batch or was committed', async () => {
    const { decider, record, told, state } = await open();
    state.set('b', { count: 7 });
    const staged = await decider.decide([record('end'), record('0'), record('end', 'b')]);
    expect(told(staged.records)).toEqual([
      'a says end:end',
      'a says 1:0',
      'b says end:end',
      'a holds {"count":1}',
      'b is gone',
    ]);
  });

  it('is decided by the tables as they stand when it begins', async () => {
    let version = 1;
    const around = await surroundings((names) =>
      counter(names, {
        decide: (_state, _record, _meta, tables) => {
          version += 1;
          return [answer('a', 0, `version ${tables['version']}`)];
        },
      }),
    );
    const decider = new Decider({ ...around.dependencies, tables: () => ({ version }) });
    const records = [around.record('0'), around.record('1')];
    const said = 'a says 0:version 1';
    expect(around.told((await decider.decide(records)).records).slice(0, 2)).toEqual([said, said]);
    expect(around.told((await decider.decide([around.record('2')])).records)[0]).toBe('a says 0:version 3');
  });

  it('has no state to write where the processor keeps none', async () => {
    const { decider, record, told } = await open({ state: null, key: () => 'of another place' });
    const staged = await decider.decide([record('0'), record('1')]);
    expect(told(staged.records)).toEqual(['a says 1:0', 'a says 1:1']);
    expect(staged.state.size).toBe(0);
  });

  it('has its states in the partition of the task, its outputs where their key leads', async () => {
    const { decider, record } = await open();
    const { records } = await decider.decide([record('0')]);
    expect(records.map(({ partition }) => partition)).toEqual([null, PARTITION]);
  });

  it('tells on each output how long its record took to decide, in µs, and of each batch how long that took', async () => {
    const { decider, record, metrics, names } = await open({ decide: () => [answer('a', spin(1), '')] });
    const began = performance.now();
    const { records } = await decider.decide([record('0')]);
    const tookUs = (performance.now() - began) * 1_000;
    const told = records[0]?.headers['ce_decidelatencyus'];
    expect(told).toMatch(/^\d+$/);
    expect(Number(told)).toBeGreaterThanOrEqual(1_000);
    expect(Number(told)).toBeLessThanOrEqual(tookUs);
    const labels = { processor: names.name };
    const [sum, count] = await valuesOf(metrics.decideSeconds);
    expect([sum?.[0], count]).toEqual([labels, [labels, 1]]);
  });
});

describe('where the thread is', () => {
  it('is told by input and offset before each record is decided, and is nowhere after the batch', async () => {
    const seen: unknown[] = [];
    let look = (): void => undefined;
    const around = await surroundings((names) => ({
      ...counter(names, {
        decide: () => {
          look();
          return [];
        },
      }),
      inputs: [names.timers, names.input],
    }));
    const { names, seats, record, dependencies } = around;
    const cells = new Float64Array(dependencies.whereabouts.buffer);
    look = () => seen.push([cells[CELLS.seat], cells[CELLS.offset]]);
    const decider = new Decider(dependencies);
    expect(seats).toEqual([
      `1: ${names.name} ${names.timers.name} ${PARTITION}`,
      `2: ${names.name} ${names.input.name} ${PARTITION}`,
    ]);
    await decider.decide([record('0'), record('1'), record('ring', 'a', { topic: names.timers.name, offset: 77 })]);
    expect(seen).toEqual([
      [2, 0],
      [2, 1],
      [1, 77],
    ]);
    expect(cells[CELLS.seat]).toBe(NOWHERE);
  });
});

describe('a schema that was never met', () => {
  const FOREIGN = 900;
  const foreign = (value: Buffer | null): Buffer => {
    const copy = Buffer.from(value ?? []);
    copy.writeInt32BE(FOREIGN, 1);
    return copy;
  };
  const asking = (lookup: (id: number) => Promise<string>) => new RecordDecoder(localDecoder().codec, lookup);

  it('is asked of the registry once, and its records keep their place', async () => {
    const asked: number[] = [];
    const decoder = asking(async (id) => {
      asked.push(id);
      return schemas.InferText;
    });
    const { decider, record, told } = await open({}, { decoder });
    const [first, second, third] = [record('0'), record('1'), record('2')];
    const records = [first, ...[second, third].map((each) => ({ ...each, value: foreign(each.value) }))];
    expect(told((await decider.decide(records)).records)).toEqual([
      ...['a says 1:0', 'a says 2:1', 'a says 3:2', 'a holds {"count":3}'],
    ]);
    expect(asked).toEqual([FOREIGN]);
  });

  it('ends this life of the task when the registry is away: the record may decode later', async () => {
    const decoder = asking(async () => {
      throw new RegistryError('REGISTRY_UNAVAILABLE', 'away');
    });
    const { decider, record } = await open({}, { decoder });
    const unmet = record('0');
    await expect(decider.decide([{ ...unmet, value: foreign(unmet.value) }])).rejects.toMatchObject({
      code: 'REGISTRY_UNAVAILABLE',
    });
  });
});

describe('a state that grows too large to write', () => {
  const held = (size: number) => 'x'.repeat(size);
  /** Holds as many characters as the prompt says. */
  const growing: Partial<Processor> = {
    decide: (state, { data }) => [answer('a', (state as Count).count + 1, 'prompt' in data ? String(data.prompt) : '')],
    evolve: (state, { data }) => ({
      count: (state as Count).count + 1,
      held: 'detail' in data ? held(Number(data.detail)) : '',
    }),
  };

  it('makes a dead letter of the record that it grew with, and the others go on', async () => {
    const { decider, record, told } = await open(growing);
    const staged = await decider.decide([record('1'), record('1000000'), record('2'), record('1000001')]);
    expect(told(staged.records)).toEqual([
      ...['a says 1:1', 'a died of RECORD_TOO_LARGE', 'a says 2:2', 'a died of RECORD_TOO_LARGE'],
      'a holds {"count":2,"held":"xx"}',
    ]);
    expect(staged.deadCodes).toEqual(['RECORD_TOO_LARGE', 'RECORD_TOO_LARGE']);
  });

  it('is none of the kind when it is small again by the end of the batch: only that is written', async () => {
    const { decider, record, told } = await open(growing);
    const staged = await decider.decide([record('1000000'), record('1')]);
    expect(told(staged.records)).toEqual(['a says 1:1000000', 'a says 2:1', 'a holds {"count":2,"held":"x"}']);
  });
});
