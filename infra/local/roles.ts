import { projectRoot } from './home.ts';

export type RoleName = 'gateway' | 'stream-core' | 'stream-slm' | 'stream-policy-engine' | 'projection';

export interface Role {
  readonly name: RoleName;
  /** What `khipu` is called with; production runs one process for each word. */
  readonly args: readonly string[];
  /** Heap bound of the process, MB: the laptop's memory is shared by everything. */
  readonly heapMb: number;
  /** Serves the public port. */
  readonly isPublic: boolean;
  /** Roles of a lower stage are stopped first: who takes work in, who does it, who writes it down. */
  readonly stopStage: 1 | 2 | 3;
}

/**
 * The roles of a local platform. The groupings save memory; the processors in one process share nothing but it.
 */
export const roles: readonly Role[] = [
  { name: 'gateway', args: ['gateway', 'http', 'turns', 'slm'], heapMb: 256, isPublic: true, stopStage: 1 },
  {
    name: 'stream-core',
    args: [
      'stream',
      'policy',
      'constitution',
      'killswitch',
      'access',
      'sessions',
      'conversation',
      'inference',
      'meter',
      'identity',
      'audit',
      'audit-log',
    ],
    heapMb: 256,
    isPublic: false,
    stopStage: 2,
  },
  { name: 'stream-slm', args: ['stream', 'slm'], heapMb: 256, isPublic: false, stopStage: 2 },
  { name: 'projection', args: ['projection', 'all'], heapMb: 256, isPublic: false, stopStage: 3 },
];

const policyEngine: Role = {
  name: 'stream-policy-engine',
  args: ['stream', 'policy-engine'],
  heapMb: 128,
  isPublic: false,
  stopStage: 2,
};

/** The outside policy engine is asked by a role of its own, where the environment names one. */
export const rolesFor = (env: NodeJS.ProcessEnv): readonly Role[] =>
  env['KHIPU_POLICY_ENGINE_URL'] ? [...roles, policyEngine] : roles;

/** Arguments of node that every role runs with. */
export const nodeArgs = ['--disable-warning=TimeoutNegativeWarning', '--disable-warning=ExperimentalWarning'];

/** The `khipu` program itself. */
export const program = `${projectRoot}/infra/bin/khipu.ts`;
