/** Returns the number of insertions, deletions, replacements and swaps of neighbours between two words. Source: Damerau 1964. */
function distance(a: string, b: string): number {
  let [before, last] = [new Array<number>(b.length + 1).fill(0), Array.from({ length: b.length + 1 }, (_, n) => n)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          (row[j - 1] ?? 0) + 1,
          (last[j] ?? 0) + 1,
          (last[j - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}

/** Names are short: a longer input is no misspelt one, and would take time to compare. */
const CHARS_MAX = 64;

/** Returns the name that was probably meant: at most a third of it differs. Null when none is near. Never throws. */
export function nearest(name: string, known: readonly string[]): string | null {
  if (name.length > CHARS_MAX) return null;
  const ranked = known
    .map((each) => ({ each, off: distance(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ each, off }) => off <= Math.max(1, Math.floor(each.length / 3)))
    .sort((a, b) => a.off - b.off);
  return ranked[0]?.each ?? null;
}

/** Returns `; did you mean <name>?`, or an empty text when no known name is near. Never throws. */
export function suggestionFor(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === null ? '' : `; did you mean ${meant}?`;
}
