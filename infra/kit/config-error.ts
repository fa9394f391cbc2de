/**
 * Thrown when a variable is missing or invalid, before anything is started. The message names each variable and its
 * expected value.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG_INVALID';
}
