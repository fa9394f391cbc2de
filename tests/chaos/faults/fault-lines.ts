/** What a run has injected. */
export interface InjectedFaults {
  readonly seed: string;
  readonly driver: string;
  readonly seconds: number;
  readonly struck: number;
  readonly aimed: number;
  readonly byKind: Readonly<Record<string, number>>;
}

/** Returns the first lines of a report: how many faults of which kinds. */
export const faultLines = ({ seed, driver, seconds, struck, aimed, byKind }: InjectedFaults): readonly string[] => [
  `seed ${seed}, driver ${driver}: ${struck} faults in ${seconds.toFixed(0)} s, ${aimed} of them at the aimed moment`,
  ...Object.entries(byKind)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([kind, times]) => `  ${kind.padEnd(30)} ${times}`),
];
