import type { SlmMessage } from '../provider.ts';

/**
 * Drops the oldest messages until the rest fits. System messages and the last message are always kept; returns `null` when
 * not even these fit. Of all windows that fit, returns the longest.
 *
 * @param measure tokens of a rendered window; must not grow when a message is dropped. Called O(log n) times.
 */
export function fitWindow(
  messages: readonly SlmMessage[],
  tokensMax: number,
  measure: (window: readonly SlmMessage[]) => number,
): readonly SlmMessage[] | null {
  const droppable = messages.flatMap((message, index) =>
    message.role === 'system' || index === messages.length - 1 ? [] : [index],
  );
  const without = (count: number) => {
    const dropped = new Set(droppable.slice(0, count));
    return messages.filter((_, index) => !dropped.has(index));
  };
  const fits = (count: number) => measure(without(count)) <= tokensMax;
  if (fits(0)) return messages;
  if (!fits(droppable.length)) return null;
  let tooFew = 0;
  let enough = droppable.length;
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (fits(middle)) enough = middle;
    else tooFew = middle;
  }
  return without(enough);
}
