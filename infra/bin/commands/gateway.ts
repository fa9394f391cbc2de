import type { Command } from 'commander';
import { loadConfig } from '../../config.ts';

/** `khipu gateway <name…>`: any of the gateways in one process, on one port. */
export function register(program: Command): void {
  program
    .command('gateway')
    .description('run gateways: http (commands and queries), turns (streams), slm (synchronous fallback)')
    .argument('<name...>', 'which to run in this process')
    .action(async (names: string[]) => {
      const { gatewayNames, isGateway } = await import('../../../gateways/app.ts');
      const unknown = names.filter((name) => !isGateway(name));
      if (unknown.length > 0)
        throw Object.assign(new Error(`no such gateway: ${unknown.join(', ')}; there are ${gatewayNames.join(', ')}`), {
          code: 'GATEWAY_UNKNOWN',
        });
      const { startGateway } = await import('../../../gateways/server.ts');
      const { untilStopped } = await import('../roles/until-stopped.ts');
      const gateway = await startGateway(names.filter(isGateway), loadConfig());
      await untilStopped(() => gateway.close());
    });
}
