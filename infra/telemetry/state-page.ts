import { type Inspection, StateError } from '../kafka/runner/inspect.ts';
import type { ProcessorRunner } from '../kafka/runner/processor-runner.ts';

/** `/state?processor=&key=`: what a processor of this process holds of a key. Throws StateError. */
export const statePage =
  (runners: readonly Pick<ProcessorRunner, 'name' | 'inspect'>[]) =>
  async (query: URLSearchParams): Promise<Inspection> => {
    const name = query.get('processor') ?? '';
    const runner = runners.find((each) => each.name === name);
    if (runner === undefined) throw new StateError('STATE_NOT_HERE', `no processor ${name} runs in this process`);
    return runner.inspect(query.get('key') ?? '');
  };
