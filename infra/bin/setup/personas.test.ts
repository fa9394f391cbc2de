import { describe, expect, it } from 'vitest';
import { builtInNames } from '../../../schemas/contexts/personas/built-in.ts';
import { PLATFORM } from '../../../schemas/contexts/personas/entries.ts';
import { personaOfOwner, personasOfOwner } from '../../../schemas/contexts/personas/library.ts';
import { persona } from '../../../schemas/generated/records.ts';
import { createLocalCodec } from '../../../streams/kernel/local-codec.ts';
import { personas as table } from '../../../streams/tables/personas.ts';
import { RecordDecoder } from '../../kafka/decode.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import { appendAsSetup } from './append.ts';
import { readTable } from './constitution.ts';
import { seedPersonas } from './personas.ts';
import { createTopics } from './topics.ts';

const decoder = new RecordDecoder(createLocalCodec(), () => Promise.reject(new Error('no registry')));

async function platform(): Promise<MemoryLog> {
  const log = new MemoryLog();
  await createTopics(log);
  return log;
}

describe('the built-in personas', () => {
  it('are appended once, each as an event and a record of the table', async () => {
    const log = await platform();
    expect(await seedPersonas(log, decoder, 1_000)).toBe(builtInNames.length);
    expect(await seedPersonas(log, decoder, 2_000)).toBe(0);
    const known = await readTable(log, decoder, table);
    expect(personasOfOwner(known, PLATFORM).map(({ name }) => name)).toEqual([...builtInNames].sort());
    for (const topic of ['personas.events', 'personas.current']) {
      const [mark] = await log.watermarks([topic]);
      expect(mark?.high).toBe(builtInNames.length);
    }
  });

  it('that operators changed or removed are left alone', async () => {
    const log = await platform();
    await seedPersonas(log, decoder, 1_000);
    const guide = personaOfOwner(await readTable(log, decoder, table), PLATFORM, 'guide');
    if (guide === undefined) throw new Error('it was appended');
    const removed = persona({ ...guide, version: 2, status: 'removed' });
    await appendAsSetup(log, decoder, 2_000, [{ name: 'removed', records: [removed] }]);
    expect(await seedPersonas(log, decoder, 3_000)).toBe(0);
    expect(personaOfOwner(await readTable(log, decoder, table), PLATFORM, 'guide')).toEqual(removed.data);
  });

  it('that a later release adds are appended to a platform that has the others', async () => {
    const log = await platform();
    const [first] = builtInNames;
    const own = await platform();
    await seedPersonas(own, decoder, 1_000);
    const guide = personaOfOwner(await readTable(own, decoder, table), PLATFORM, first ?? '');
    if (guide === undefined) throw new Error('it was appended');
    await appendAsSetup(log, decoder, 1_000, [{ name: 'one', records: [persona(guide)] }]);
    expect(await seedPersonas(log, decoder, 2_000)).toBe(builtInNames.length - 1);
  });
});
