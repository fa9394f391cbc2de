/**
 * A planted bug, loaded by every process under test (`--plant no-fencing`): transactional ids are not initialized at a
 * takeover, only at their first use. A zombie's earlier requests may still be committed, besides those of the new
 * owner.
 */
import { registerHooks } from 'node:module';

const MODULE = '/infra/kafka/kafkajs/transaction-slot.ts';
const FENCE = 'await (await producer.transaction()).abort();';

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    if (!url.endsWith(MODULE)) return loaded;
    const source = String(loaded.source);
    if (!source.includes(FENCE)) throw new Error(`${MODULE} has changed: update this plant`);
    return { ...loaded, source: source.replace(FENCE, '') };
  },
});
