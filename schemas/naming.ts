/** Returns the name in code: `session_id` (the wire) → `sessionId`, `kill-switch` (a folder) → `killSwitch`. */
export const camelCase = (name: string): string =>
  name.replace(/[_-]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Returns the name on the wire: `sessionId` (code) → `session_id`. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Returns the name of a record without its namespace: `TurnStarted` of `khipu.conversation.TurnStarted`. */
export const shortName = (type: string): string => type.slice(type.lastIndexOf('.') + 1);
