import { type Inspection, StateError } from '../runner/processor/inspect.ts';
import type { TopologyRunner } from '../runner/processor/runner.ts';

/** Returns the page `/state?processor=&key=`: the state of a key in a processor of this process. Throws StateError. */
export const statePage =
  (runners: readonly Pick<TopologyRunner, 'members' | 'inspect'>[]) =>
  async (query: URLSearchParams): Promise<Inspection> => {
    const name = query.get('processor') ?? '';
    const runner = runners.find(({ members }) => members.includes(name));
    if (runner === undefined) throw new StateError('STATE_NOT_HERE', `no processor ${name} runs in this process`);
    return runner.inspect(name, query.get('key') ?? '');
  };
