import { type BrokerCount, brokerNames } from '../../local/parts/part.ts';
import type { RunRecord } from '../../local/process/run-record.ts';
import type { ProviderKind } from '../../models/provider.ts';
import { failure } from '../failure.ts';

/** The options requested for a platform that already runs. */
export interface Wanted {
  readonly port?: number;
  readonly provider?: ProviderKind;
  readonly brokers?: BrokerCount;
}

/**
 * Throws ALREADY_RUNNING when a port is requested that the running platform does not use: a client would look for it
 * there.
 */
export function refusePort({ url, supervisor }: RunRecord, { port }: Wanted): void {
  if (port === undefined || (url !== '' && Number(new URL(url).port) === port)) return;
  const where = url === '' ? '' : ` at ${url}`;
  throw failure(
    'ALREADY_RUNNING',
    `Khipu is already running${where} (supervisor pid ${supervisor.pid}), so it cannot use port ${port}: npm stop first`,
  );
}

/** Returns a line for each flag that has no effect on a running platform. */
export function ignoredFlags({ provider, processes }: RunRecord, wanted: Wanted): string[] {
  const lines: string[] = [];
  if (wanted.provider !== undefined && wanted.provider !== provider)
    lines.push(`--provider ${wanted.provider} is ignored: it runs with ${provider}`);
  const brokers = processes.filter(({ name }) => (brokerNames as readonly string[]).includes(name)).length;
  if (wanted.brokers !== undefined && wanted.brokers !== brokers)
    lines.push(`--brokers ${wanted.brokers} is ignored: it runs with ${brokers}`);
  return lines;
}
