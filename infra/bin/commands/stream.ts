import type { Command } from 'commander';
import { loadConfig } from '../../config.ts';

/** `khipu stream <name…>`: processors and workers, any of them in one process. */
export function register(program: Command): void {
  program
    .command('stream')
    .description(
      'run stream processors and workers: policy, constitution, killswitch, access, identity, sessions, conversation, inference, meter, audit, audit-log, slm, policy-engine',
    )
    .argument('<name...>', 'which to run in this process')
    .action(async (names: string[]) => {
      const { startStream, unknownNames } = await import('../roles/stream.ts');
      const { untilStopped } = await import('../roles/until-stopped.ts');
      const unknown = unknownNames(names);
      if (unknown.length > 0)
        throw Object.assign(new Error(`no such processor: ${unknown.join(', ')}`), { code: 'PROCESSOR_UNKNOWN' });
      const stream = await startStream(names, loadConfig());
      await untilStopped(() => stream.close());
    });
}
