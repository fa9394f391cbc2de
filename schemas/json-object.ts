/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns true for an object of JSON: no array, and not null. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
