import { builtInPersonas } from '../../../schemas/contexts/personas/built-in.ts';
import { PLATFORM } from '../../../schemas/contexts/personas/entries.ts';
import { personaOfOwner } from '../../../schemas/contexts/personas/library.ts';
import { persona, personaDefined } from '../../../schemas/generated/records.ts';
import { personas as table } from '../../../streams/tables/personas.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { Log } from '../../kafka/port.ts';
import { retried } from '../../kit/retry.ts';
import { appendAsSetup, SETUP_PRINCIPAL, SETUP_TENANT } from './append.ts';
import { readTable } from './constitution.ts';
import { NEW_TOPIC } from './topics.ts';

/**
 * Appends the built-in personas that the platform never had, as records of the platform. One that operators changed or
 * removed is left alone. Resolves with their number. Rejects with the error of the log.
 */
export async function seedPersonas(log: Log, decoder: RecordDecoder, nowMs: number): Promise<number> {
  const known = await retried(() => readTable(log, decoder, table), NEW_TOPIC);
  const missing = builtInPersonas.filter(({ name }) => personaOfOwner(known, PLATFORM, name) === undefined);
  if (missing.length === 0) return 0;
  await appendAsSetup(
    log,
    decoder,
    nowMs,
    missing.map((each) => ({
      name: each.entryId,
      records: [
        personaDefined({ entryId: each.entryId, persona: each, by: SETUP_PRINCIPAL, byTenant: SETUP_TENANT }),
        persona(each),
      ],
    })),
  );
  return missing.length;
}
