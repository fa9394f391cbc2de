/**
 * Types of boot-plan.mjs, which is plain JavaScript because it runs before dependencies are installed. `BootPlan` is
 * the program to start.
 */
export interface BootPlan {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly args: string[];
  /** Whether the program needs the downloaded parts and their prerequisites. */
  readonly startsParts: boolean;
}
export declare function planOf(args: readonly string[], env: NodeJS.ProcessEnv): BootPlan;
