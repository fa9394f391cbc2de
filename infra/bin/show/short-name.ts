/** Returns the name of a record without its namespace: `TurnStarted` of `khipu.conversation.TurnStarted`. */
export const shortName = (type: string): string => type.slice(type.lastIndexOf('.') + 1);
