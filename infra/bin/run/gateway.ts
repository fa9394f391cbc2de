import type { Command } from 'commander';
import { loadConfig } from '../../config.ts';
import { expectKnown } from '../roles/expect-known.ts';

/** Registers `khipu run gateway <name…>`, which runs any of the gateways in one process, on one port. */
export function register(program: Command): void {
  program
    .command('gateway')
    .description(
      'run gateways: http (commands and queries), turns (streams), openai (the API of OpenAI clients), console (pages)',
    )
    .argument('<name...>', 'gateways to run in this process')
    .action(async (names: string[]) => {
      const { gatewayNames, isGateway } = await import('../../../gateways/app.ts');
      expectKnown(names, 'gateway', gatewayNames);
      const { startGateway } = await import('../../../gateways/server.ts');
      const { declaredPlatform } = await import('../roles/declared-platform.ts');
      const { topicsOfView } = await import('../roles/topics-of-view.ts');
      const { untilStopped } = await import('../roles/until-stopped.ts');
      const gateway = await startGateway(names.filter(isGateway), loadConfig(), topicsOfView, declaredPlatform());
      await untilStopped(() => gateway.close());
    });
}
