/** A variable is missing or wrong. The message names each one and what is expected; nothing has been started. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG_INVALID';
}
