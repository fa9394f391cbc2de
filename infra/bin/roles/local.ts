import type { Role } from '../../local/roles/roles.ts';
import { ALL, type Registered, registered } from './names.ts';

const gateway: Role = {
  ...{
    name: 'gateway',
    args: ['run', 'gateway', 'http', 'turns', 'openai', 'mcp', 'a2a', 'console'],
    heapMb: 256,
    isPublic: true,
    stopStage: 1,
  },
};
const running = (kind: 'stream' | 'worker', name: string, heapMb: number): Role => ({
  ...{ name: `${kind}-${name}`, args: ['run', kind, name], heapMb, isPublic: false, stopStage: 2 },
});
const projection: Role = {
  ...{ name: 'projection', args: ['run', 'projection', 'all'], heapMb: 256, isPublic: false, stopStage: 3 },
};

/**
 * Returns the roles of a local platform: one process for all processors, to save memory, and one for each worker whose
 * service is configured in this environment.
 */
export const localRoles = (env: NodeJS.ProcessEnv, { bindings }: Registered = registered): readonly Role[] => [
  gateway,
  running('stream', ALL, 384),
  ...Object.entries(bindings)
    .filter(([, { isOperator }]) => !isOperator)
    .filter(([, { runsWith }]) => runsWith === null || Boolean(env[runsWith]))
    .map(([name, { heapMb }]) => running('worker', name, heapMb)),
  projection,
];
