import { projectRoot } from '../home.ts';

/** A process of the local platform. infra/bin/roles/local.ts derives them from the declarations. */
export interface Role {
  readonly name: string;
  /** Arguments of `khipu`; production runs one process per word. */
  readonly args: readonly string[];
  /** Heap bound of the process, MB: all processes share the laptop's memory. */
  readonly heapMb: number;
  /** True for the role that serves the public port. */
  readonly isPublic: boolean;
  /** Roles of a lower stage are stopped first: intake of work (1), its execution (2), its recording (3). */
  readonly stopStage: 1 | 2 | 3;
}

/** Arguments of node for every role. */
export const nodeArgs = ['--disable-warning=TimeoutNegativeWarning', '--disable-warning=ExperimentalWarning'];

/** The path of the `khipu` program. */
export const program = `${projectRoot}/infra/bin/khipu.ts`;
