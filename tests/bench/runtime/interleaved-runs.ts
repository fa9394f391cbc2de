import { median } from '../statistics.ts';

/**
 * Runs each side once, then each again, `runs` times in total, so that a drift in the machine's speed affects all sides
 * alike. Each run returns one or more named samples. Returns the median of each, by name and side.
 */
export async function runInterleaved<Side extends string, Name extends string>(
  runs: number,
  sides: Readonly<Record<Side, (run: number) => Promise<Readonly<Record<Name, number>>>>>,
  note: (text: string) => void = () => undefined,
): Promise<Readonly<Record<Name, Readonly<Record<Side, number>>>>> {
  const samples = new Map<Name, Map<Side, number[]>>();
  for (let run = 0; run < runs; run += 1)
    for (const side of Object.keys(sides) as Side[]) {
      const measured = await sides[side](run);
      note(`${side}, run ${run + 1} of ${runs}: ${shown(measured)}`);
      for (const [name, value] of Object.entries(measured) as [Name, number][]) {
        const bySide = samples.get(name) ?? new Map<Side, number[]>();
        samples.set(name, bySide);
        bySide.set(side, [...(bySide.get(side) ?? []), value]);
      }
    }
  const medians = [...samples].map(([name, bySide]) => [
    name,
    Object.fromEntries([...bySide].map(([side, values]) => [side, median(values)])),
  ]);
  return Object.fromEntries(medians) as Record<Name, Record<Side, number>>;
}

const shown = (measured: Readonly<Record<string, number>>): string =>
  Object.entries(measured)
    .map(([name, value]) => `${name} ${value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)}`)
    .join(', ');
