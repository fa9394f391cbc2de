type Schedule = (callback: () => void) => void;

/**
 * Returns a function that asks for one call of `onFrame` in the next frame. Any number of calls before that frame become
 * one: a thousand events cost one update of the page.
 */
export function frameBatch(onFrame: () => void, schedule: Schedule = requestAnimationFrame): () => void {
  let isScheduled = false;
  return () => {
    if (isScheduled) return;
    isScheduled = true;
    schedule(() => {
      isScheduled = false;
      onFrame();
    });
  };
}
