/**
 * A planted bug, loaded by every process under test (`--plant call-sent-again`): the tool worker sends an irreversible call
 * again when an earlier run of it ended without an answer.
 */
import { registerHooks } from 'node:module';

const MODULE = '/infra/tools/worker/handler.ts';
const CHECK = 'if (isIrreversible && context.attempt > 1)';

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    if (!url.endsWith(MODULE)) return loaded;
    const source = String(loaded.source);
    if (!source.includes(CHECK)) throw new Error(`${MODULE} has changed: update this plant`);
    return { ...loaded, source: source.replace(CHECK, 'if (isIrreversible && context.attempt > 1_000)') };
  },
});
