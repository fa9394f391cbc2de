import type { SandboxCode } from './errors.ts';

/**
 * The tiers, from the least to the most. `wasm`: an interpreter without any call to the outside, in a child process.
 * `process`: any program, behind namespaces, seccomp and limits, on the kernel of this machine. `kernel`: any program on a
 * kernel of its own.
 */
export const tiers = ['wasm', 'process', 'kernel'] as const;
export type Tier = (typeof tiers)[number];

export const languages = ['javascript', 'python'] as const;
export type Language = (typeof languages)[number];

/** Bounds of one program; each is positive. */
export interface SandboxLimits {
  /** From start to end, ms. */
  readonly wallMs: number;
  /** Of all its processes together, ms. */
  readonly cpuMs: number;
  /** Of all its processes together, bytes. */
  readonly memoryBytes: number;
  /** Processes and threads at once. */
  readonly processes: number;
  /** Of its files, bytes: of the workspace and of what is temporary. */
  readonly diskBytes: number;
  /** Of standard output and standard error together, bytes. */
  readonly outputBytes: number;
}

export const defaultLimits: SandboxLimits = {
  ...{ wallMs: 10_000, cpuMs: 10_000, memoryBytes: 512 * 1024 * 1024, processes: 64 },
  ...{ diskBytes: 64 * 1024 * 1024, outputBytes: 1024 * 1024 },
};

export type Program =
  | { readonly argv: readonly [string, ...string[]] }
  | { readonly language: Language; readonly code: string };

/** Standard input and output of a program while it runs. */
export interface ProgramStreams {
  /** Writes to standard input. Without effect when the program has ended. */
  write(text: string): void;
  /** Ends standard input. */
  end(): void;
  /** Hears standard output, at most `outputBytes` of it. Call it at once. */
  onOutput(listener: (part: Buffer) => void): void;
}

export interface SandboxRequest {
  /** The tier, exactly: when it cannot be had, the sandbox is not opened. */
  readonly tier: Tier;
  readonly program: Program;
  /** Standard input; in `wasm`, the value of `input`. */
  readonly input?: string;
  /** Called when the program has begun, to talk with it; in place of `input`. Not in `wasm`. */
  readonly converse?: (streams: ProgramStreams) => void;
  /** Read-only files below `/files`, by relative path. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Folder of this machine that is `/workspace`, with write access; without one, `/workspace` is empty and lost at the end. */
  readonly workspace?: string;
  /**
   * Unix socket of an egress broker. In `process` the program gets one connection to it, the descriptor in `KHIPU_EGRESS_FD`;
   * in `kernel` the path of a socket that leads to it, in `KHIPU_EGRESS_SOCKET`. Not in `wasm`.
   */
  readonly egressSocket?: string;
  readonly limits?: Partial<SandboxLimits>;
  readonly signal?: AbortSignal;
}

/** The walls that stood around a program. Each was set up by a part that ends the start when it cannot set it up. */
export interface Walls {
  readonly tier: Tier;
  /** Software of the tier with its version. */
  readonly by: string;
  /** Namespaces of its own; empty without bubblewrap or gVisor. */
  readonly namespaces: readonly string[];
  readonly seccomp: boolean;
  /** A kernel of its own. */
  readonly ownKernel: boolean;
  /** Control groups that bound all processes together in the kernel; null where none is writable: then they are watched. */
  readonly cgroup: 'v1' | 'v2' | null;
  readonly rlimits: boolean;
  /** User of its processes as this machine sees them; null without a change of user. */
  readonly uid: number | null;
  readonly network: 'none' | 'egress';
}

export interface SandboxUsage {
  readonly wallMs: number;
  /** At the last sample, ten a second. */
  readonly cpuMs: number;
  readonly memoryPeakBytes: number;
  readonly outputBytes: number;
}

export interface SandboxResult {
  /** Exit code; null when the program was ended by a limit or a signal. */
  readonly exit: number | null;
  /** Standard output, cut at `outputBytes`; in `wasm`, printed lines. */
  readonly output: string;
  /** Standard error, cut as well. */
  readonly errors: string;
  /** `wasm` alone: JSON of the value of the program; null for none. */
  readonly value: string | null;
  /** Null for success. */
  readonly error: { readonly code: SandboxCode; readonly detail: string } | null;
  readonly walls: Walls;
  readonly usage: SandboxUsage;
}
