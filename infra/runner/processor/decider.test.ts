import { describe, expect, it } from 'vitest';
import { schemas } from '../../../schemas/generated/schemas.ts';
import type { Processor } from '../../../streams/kernel.ts';
import { RecordDecoder } from '../../kafka/decode.ts';
import { RegistryError } from '../../kafka/registry.ts';
import { CELLS, IDLE } from '../progress-beacon.ts';
import { valuesOf } from '../testing/by-hand.ts';
import { forAnother, PARTITION, surroundings } from '../testing/processor-task.ts';
import { answer, type Count, counter, localDecoder } from '../testing/processors.ts';
import { Decider } from './decider.ts';
import { unchanged } from './member.ts';

async function open(over: Partial<Processor> = {}, options: Parameters<typeof surroundings>[1] = {}) {
  const around = await surroundings((names) => counter(names, over), options);
  return { ...around, decider: new Decider(around.dependencies) };
}

/** Blocks for this many ms. Returns 0. */
function spin(ms: number): number {
  const until = performance.now() + ms;
  while (performance.now() < until);
  return 0;
}

describe('a batch of records', () => {
  it('is decided in order, each with the state of its key after the earlier ones; then one state per key is written', async () => {
    const { decider, record, summaries, state, changesIn } = await open();
    state.set('b', { count: 7 });
    const staged = await decider.decide([record('0'), record('0', 'b'), record('1'), record('quiet', 'c')]);
    const changes = changesIn(staged);
    expect(summaries(staged.records)).toEqual([
      ...['a says 1:0', 'b says 8:0', 'a says 2:1'],
      ...['a holds {"count":2}', 'b holds {"count":8}'],
    ]);
    expect([...changes.state]).toEqual([
      ['a', { count: 2 }],
      ['b', { count: 8 }],
    ]);
    expect([changes.deadCodes, changes.timers.size, staged.taken]).toEqual([[], 0, 4]);
  });

  it('does not change the committed state, so that deciding it again gives the same result', async () => {
    const { decider, record, summaries, state } = await open();
    state.set('a', { count: 7 });
    const records = [record('0'), record('1')];
    const idsOf = (staged: Awaited<ReturnType<Decider['decide']>>) =>
      staged.records.map(({ headers }) => headers['ce_id']);
    const first = await decider.decide(records);
    const again = await decider.decide(records);
    expect(state.get('a')).toEqual({ count: 7 });
    expect(summaries(again.records)).toEqual(summaries(first.records));
    expect(idsOf(again)).toEqual(idsOf(first));
  });

  it('stages nothing for a key without results and for a record without a state key', async () => {
    const { decider, record, changesIn } = await open({
      key: ({ data }) => ('prompt' in data && data.prompt === 'pass' ? null : 'a'),
    });
    const staged = await decider.decide([record('quiet'), record('pass')]);
    expect([staged.records, staged.members.size, staged.taken]).toEqual([[], 1, 2]);
    expect(changesIn(staged)).toEqual({ ...unchanged(), recordsIn: 2 });
  });

  it('begins a finished aggregate again, whether its end is in the batch or was committed', async () => {
    const { decider, record, summaries, state } = await open();
    state.set('b', { count: 7 });
    const staged = await decider.decide([record('end'), record('0'), record('end', 'b')]);
    expect(summaries(staged.records)).toEqual([
      'a says end:end',
      'a says 1:0',
      'b says end:end',
      'a holds {"count":1}',
      'b is gone',
    ]);
  });

  it('is decided by the tables at its begin', async () => {
    let version = 1;
    const decide: Processor['decide'] = (_state, _record, _meta, tables) => {
      version += 1;
      return [answer('a', 0, `version ${tables['version']}`)];
    };
    const { decider, record, summaries } = await open({ decide }, { tables: () => ({ version }) });
    const records = [record('0'), record('1')];
    const outputs = 'a says 0:version 1';
    expect(summaries((await decider.decide(records)).records).slice(0, 2)).toEqual([outputs, outputs]);
    expect(summaries((await decider.decide([record('2')])).records)[0]).toBe('a says 0:version 3');
  });

  it('writes no state when the processor keeps none', async () => {
    const { decider, record, summaries, changesIn } = await open({ state: null, key: () => 'of another place' });
    const staged = await decider.decide([record('0'), record('1')]);
    expect(summaries(staged.records)).toEqual(['a says 1:0', 'a says 1:1']);
    expect(changesIn(staged).state.size).toBe(0);
  });

  it('writes states to the partition of the task, outputs to the partition of their key', async () => {
    const { decider, record } = await open();
    const { records } = await decider.decide([record('0')]);
    expect(records.map(({ partition }) => partition)).toEqual([null, PARTITION]);
  });

  it('reports the decision time of its record on each output, in µs, and the time of the batch', async () => {
    const { decider, record, metrics, names } = await open({ decide: () => [answer('a', spin(1), '')] });
    const began = performance.now();
    const { records } = await decider.decide([record('0')]);
    const tookUs = (performance.now() - began) * 1_000;
    const summaries = records[0]?.headers['ce_decidelatencyus'];
    expect(summaries).toMatch(/^\d+$/);
    expect(Number(summaries)).toBeGreaterThanOrEqual(1_000);
    expect(Number(summaries)).toBeLessThanOrEqual(tookUs);
    const labels = { processor: names.name };
    const [sum, count] = await valuesOf(metrics.decideSeconds);
    expect([sum?.[0], count]).toEqual([labels, [labels, 1]]);
  });
});

describe('a state that a record leaves as it is', () => {
  /** Answers `same` too, which is counted as nothing. */
  const steady: Partial<Processor> = {
    evolve: (state, { data }) => {
      if (!('detail' in data) || data.detail === 'same') return state;
      return { count: data.detail === 'end' ? -1 : (state as Count).count + 1 };
    },
  };

  it('is neither written nor staged when its key has it already', async () => {
    const { decider, record, summaries, state, changesIn } = await open(steady);
    state.set('a', { count: 7 });
    const staged = await decider.decide([record('same'), record('same')]);
    expect(summaries(staged.records)).toEqual(['a says 8:same', 'a says 8:same']);
    expect(changesIn(staged).state.size).toBe(0);
  });

  it('is written once when a record of the batch has changed it', async () => {
    const { decider, record, summaries, state } = await open(steady);
    state.set('a', { count: 7 });
    const staged = await decider.decide([record('same'), record('0'), record('same')]);
    expect(summaries(staged.records)).toEqual(['a says 8:same', 'a says 8:0', 'a says 9:same', 'a holds {"count":8}']);
  });

  it('is written for a key that has none yet', async () => {
    const { decider, record, summaries } = await open(steady);
    expect(summaries((await decider.decide([record('same')])).records)).toEqual([
      'a says 1:same',
      'a holds {"count":0}',
    ]);
  });

  it('is written for a key whose aggregate ended in the batch', async () => {
    const { decider, record, summaries, state } = await open(steady);
    state.set('a', { count: 7 });
    const staged = await decider.decide([record('end'), record('same')]);
    expect(summaries(staged.records)).toEqual(['a says end:end', 'a says 1:same', 'a holds {"count":0}']);
  });

  it('is not measured again to find a state that is too large', async () => {
    const { decider, record, summaries, state } = await open(steady);
    const large = { count: 7, held: 'x'.repeat(2_000_000) };
    state.set('a', large);
    const staged = await decider.decide([record('same')], true);
    expect(summaries(staged.records)).toEqual(['a says 8:same']);
  });
});

describe('the progress beacon', () => {
  it('has input and offset of each record being decided, and is idle after the batch', async () => {
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
    const { names, slots, record, dependencies } = around;
    const cells = new Float64Array(dependencies.beacon.buffer);
    look = () => seen.push([cells[CELLS.slot], cells[CELLS.offset]]);
    const decider = new Decider(dependencies);
    expect(slots).toEqual([
      `1: ${names.name} ${names.timers.name} ${PARTITION}`,
      `2: ${names.name} ${names.input.name} ${PARTITION}`,
    ]);
    await decider.decide([record('0'), record('1'), record('ring', 'a', { topic: names.timers.name, offset: 77 })]);
    expect(seen).toEqual([
      [2, 0],
      [2, 1],
      [1, 77],
    ]);
    expect(cells[CELLS.slot]).toBe(IDLE);
  });
});

describe('an unknown schema', () => {
  const FOREIGN = 900;
  const foreign = (value: Buffer | null): Buffer => {
    const copy = Buffer.from(value ?? []);
    copy.writeInt32BE(FOREIGN, 1);
    return copy;
  };
  const asking = (lookup: (id: number) => Promise<string>) => new RecordDecoder(localDecoder().codec, lookup);

  it('is requested from the registry once, and its records keep their order', async () => {
    const asked: number[] = [];
    const decoder = asking(async (id) => {
      asked.push(id);
      return schemas.InferText;
    });
    const { decider, record, summaries } = await open({}, { decoder });
    const [first, second, third] = [record('0'), record('1'), record('2')];
    const records = [first, ...[second, third].map((each) => ({ ...each, value: foreign(each.value) }))];
    expect(summaries((await decider.decide(records)).records)).toEqual([
      ...['a says 1:0', 'a says 2:1', 'a says 3:2', 'a holds {"count":3}'],
    ]);
    expect(asked).toEqual([FOREIGN]);
  });

  it('is not requested for a record that no member decides', async () => {
    const decoder = asking(async () => {
      throw new RegistryError('REGISTRY_UNAVAILABLE', 'away');
    });
    const { decider, record } = await open({}, { decoder });
    const unmet = forAnother(record('0'));
    expect((await decider.decide([{ ...unmet, value: foreign(unmet.value) }])).records).toEqual([]);
  });

  it('ends this life of the task when the registry is unavailable: the record may decode later', async () => {
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
  /** A state with as many characters as the prompt says. */
  const growing: Partial<Processor> = {
    decide: (state, { data }) => [answer('a', (state as Count).count + 1, 'prompt' in data ? String(data.prompt) : '')],
    evolve: (state, { data }) => ({
      count: (state as Count).count + 1,
      held: 'detail' in data ? held(Number(data.detail)) : '',
    }),
  };

  it('makes a dead letter of the record that enlarged it, and continues with the others', async () => {
    const { decider, record, summaries, changesIn } = await open(growing);
    const staged = await decider.decide([record('1'), record('1000000'), record('2'), record('1000001')]);
    expect(summaries(staged.records)).toEqual([
      ...['a says 1:1', 'a died of RECORD_TOO_LARGE', 'a says 2:2', 'a died of RECORD_TOO_LARGE'],
      'a holds {"count":2,"held":"xx"}',
    ]);
    expect(changesIn(staged).deadCodes).toEqual(['RECORD_TOO_LARGE', 'RECORD_TOO_LARGE']);
  });

  it('is written when it is small again by the end of the batch', async () => {
    const { decider, record, summaries } = await open(growing);
    const staged = await decider.decide([record('1000000'), record('1')]);
    expect(summaries(staged.records)).toEqual(['a says 1:1000000', 'a says 2:1', 'a holds {"count":2,"held":"x"}']);
  });
});
