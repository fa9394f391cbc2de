/**
 * A planted bug, loaded by every process under test (`--plant run-taken-again`): a worker that takes over a run begins it
 * again with the journal that came with it, which lacks what the run has recorded since.
 */
import { registerHooks } from 'node:module';

const MODULE = '/infra/jobs/worker/handler.ts';
const CHECK = 'if (context.attempt > 1)';

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    if (!url.endsWith(MODULE)) return loaded;
    const source = String(loaded.source);
    if (!source.includes(CHECK)) throw new Error(`${MODULE} has changed: update this plant`);
    return { ...loaded, source: source.replace(CHECK, 'if (context.attempt > 1_000)') };
  },
});
