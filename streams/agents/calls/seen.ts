import type { AgentCall } from '../../../schemas/generated/records.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../../../schemas/ids.ts';

/** Returns JSON with the members of objects ordered by name; undefined for a text that is none. */
function ordered(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
        : value,
    );
  } catch {
    return undefined;
  }
}

/** Returns what a call asks for, as a short name: the same for arguments that differ only in spaces and order. */
export const seenAs = ({ modelName, arguments: given }: Pick<AgentCall, 'modelName' | 'arguments'>): string =>
  uuidV5(KHIPU_NAMESPACE, JSON.stringify([modelName, ordered(given) ?? given])).slice(0, 18);
