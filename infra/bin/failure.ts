/** What a command ends with: an error whose code a script can act on, told on standard error. */
export const failure = (code: string, message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { code });
