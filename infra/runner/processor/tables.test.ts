import { describe, expect, it } from 'vitest';
import type { RecordOf } from '../../../schemas/generated/records.ts';
import { schemas } from '../../../schemas/generated/schemas.ts';
import { topics } from '../../../schemas/topics.ts';
import { type Table, table } from '../../../streams/kernel.ts';
import { eventually, numbered, unique } from '../../kafka/contract/testing.ts';
import { RecordDecoder } from '../../kafka/decode.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import type { OutgoingRecord } from '../../kafka/port.ts';
import { RegistryError } from '../../kafka/registry.ts';
import {
  answer,
  answersOf,
  ask,
  command,
  counter,
  dependenciesOf,
  localDecoder,
  prepare,
  uncommitted,
} from '../testing/processors.ts';
import { runProcessor } from './runner.ts';

const decoder = localDecoder();

/** Returns a processor that answers with the version in its table. */
async function open() {
  const log = new MemoryLog();
  const names = await prepare(log);
  const rules = { ...topics.constitutionEvents, name: unique('rules') };
  await log.createTopics([{ name: rules.name, partitions: 2, config: {} }]);
  const versions = table({
    name: 'versions',
    topic: rules,
    initial: 'none',
    evolve: (held, { type, data }) => (type === 'ConstitutionActivated' ? data.version : held),
  });
  const processor = counter(names, {
    tables: { versions: versions as unknown as Table },
    decide: (_state, record, _meta, tables) => [
      answer((record as RecordOf<'InferText'>).data.requestId, 0, String(tables['versions'])),
    ],
  });
  const appender = await log.appender();
  const activated = (version: string): OutgoingRecord => ({
    ...command(
      names,
      decoder,
      { type: 'ConstitutionActivated', data: { slot: 'active', version, digest: '', activatedBy: null } },
      'active',
    ),
    topic: rules.name,
  });
  const askIt = async (key: string): Promise<string[] | undefined> => {
    await appender.append([command(names, decoder, ask(key, 'version?'), key)]);
    await eventually(async () => expect(await uncommitted(log, names)).toBe(0));
    return (await answersOf(log, decoder, [key])).get(key);
  };
  return { log, names, processor, appender, activated, askIt };
}

describe('a table', () => {
  it('is read to its end before the first decision', async () => {
    const { log, processor, appender, activated, askIt } = await open();
    await appender.append(numbered(50).map((version) => activated(version)));
    const runner = runProcessor(processor, dependenciesOf(log, decoder).dependencies);
    expect(await askIt('a')).toEqual(['0:49']);
    await runner.close();
  });

  it('is empty when its topic is, and follows later records', async () => {
    const { log, processor, appender, activated, askIt } = await open();
    const runner = runProcessor(processor, dependenciesOf(log, decoder).dependencies);
    expect(await askIt('a')).toEqual(['0:none']);
    await appender.append([activated('1')]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await askIt('b')).toEqual(['0:1']);
    await runner.close();
  });

  it('skips tombstones and undecodable records', async () => {
    const { log, processor, appender, activated, askIt } = await open();
    const last = activated('1');
    await appender.append([last, { ...last, value: null }, { ...last, value: Buffer.from('junk') }]);
    const runner = runProcessor(processor, dependenciesOf(log, decoder).dependencies);
    expect(await askIt('a')).toEqual(['0:1']);
    await runner.close();
  });

  it('does not skip a record whose schema is unavailable now: the processor restarts', async () => {
    const { log, processor, appender, activated, askIt } = await open();
    const foreign = activated('2');
    foreign.value?.writeInt32BE(900, 1);
    await appender.append([activated('1'), foreign]);
    let away = true;
    const patient = new RecordDecoder(localDecoder().codec, async () => {
      if (away) throw new RegistryError('REGISTRY_UNAVAILABLE', 'away');
      return schemas.ConstitutionActivated;
    });
    const { dependencies, metric } = dependenciesOf(log, patient);
    const runner = runProcessor(processor, dependencies);
    await eventually(async () => expect(await metric('khipu_restarts_total')).toBeGreaterThan(0));
    expect(await runner.health()).toMatchObject({ ok: false });
    away = false;
    expect(await askIt('a')).toEqual(['0:2']);
    await runner.close();
  });
});
