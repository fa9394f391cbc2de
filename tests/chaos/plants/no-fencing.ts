/**
 * A planted bug, loaded by every process under test (`--plant no-fencing`): transactional ids are not initialized at a
 * takeover, only when they are first used. What a zombie sent before then may still be committed, beside the new owner's.
 */
import { registerHooks } from 'node:module';

const MODULE = '/infra/kafka/kafkajs/transaction-slot.ts';
const FENCE = 'await (await producer.transaction()).abort();';

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    if (!url.endsWith(MODULE)) return loaded;
    const source = String(loaded.source);
    if (!source.includes(FENCE)) throw new Error(`${MODULE} fences otherwise: mend this plant`);
    return { ...loaded, source: source.replace(FENCE, '') };
  },
});
