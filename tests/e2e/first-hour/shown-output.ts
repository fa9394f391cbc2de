/** Compares the output that a page shows with the actual output. `…` in a page is any text; alone on a line, any lines. */

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const patternOf = (shown: string): string => shown.split('…').map(escaped).join('[^\\n]*');

/** Returns true when the lines occur in this order. */
export const showsText = (shown: string, actual: string): boolean => {
  const lines = shown.trimEnd().split('\n');
  const pattern = lines.map((line) => (line.trim() === '…' ? '(?:[^\\n]*\\n)*?' : `${patternOf(line)}\\n`)).join('');
  return new RegExp(pattern).test(`${actual}\n`);
};

/** Returns true for the same fields with the same values. */
function isSame(shown: Json, actual: Json): boolean {
  if (typeof shown === 'string' && shown.includes('…')) return new RegExp(`^${patternOf(shown)}$`).test(String(actual));
  if (Array.isArray(shown)) {
    if (!Array.isArray(actual)) return false;
    return shown[0] === '…' || (shown.length === actual.length && shown.every((each, at) => isSame(each, actual[at])));
  }
  if (typeof shown !== 'object' || shown === null) return shown === actual;
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return false;
  const entries = Object.entries(shown);
  const fields = actual as Readonly<Record<string, Json>>;
  return (
    entries.length === Object.keys(fields).length &&
    entries.every(([name, value]) => name in fields && isSame(value, fields[name] ?? null))
  );
}

/** Returns true when the actual JSON has exactly the shown fields, with the shown values. */
export function showsJson(shown: string, actual: string): boolean {
  try {
    return isSame(JSON.parse(shown) as Json, JSON.parse(actual) as Json);
  } catch {
    return false;
  }
}
