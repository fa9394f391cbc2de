const isOrigin = (text: string): boolean => /^https?:[^*]+$/.test(text) && URL.parse(text)?.origin === text;

/**
 * Returns the origins of a comma-separated list. Returns null unless each is written as browsers send it: http or https,
 * lower case, without a path and without the default port. Source: RFC 6454, 6.2.
 */
export function originsOf(list: string): readonly string[] | null {
  const origins = list.split(',').map((each) => each.trim());
  return origins.every(isOrigin) ? [...new Set(origins)] : null;
}
