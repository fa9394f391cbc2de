/** A change of state during a start or a stop. */
export interface PlatformEvent {
  readonly name: string;
  readonly kind: 'part' | 'role' | 'job';
  readonly state: 'starting' | 'ready' | 'failed' | 'restarting' | 'restarted' | 'stopped';
  /** Time since this step began; 0 at its beginning. */
  readonly ms: number;
  readonly detail: string;
}

/** Receives events. */
export type OnPlatformEvent = (event: PlatformEvent) => void;

/** Runs one step of a start, with an event before and after it. Rejects with the error of `work`. */
export async function step<T>(
  event: Pick<PlatformEvent, 'name' | 'kind'>,
  onEvent: OnPlatformEvent,
  body: () => Promise<T>,
): Promise<T> {
  const since = Date.now();
  onEvent({ ...event, state: 'starting', ms: 0, detail: '' });
  try {
    const result = await body();
    onEvent({ ...event, state: 'ready', ms: Date.now() - since, detail: '' });
    return result;
  } catch (error) {
    onEvent({ ...event, state: 'failed', ms: Date.now() - since, detail: (error as Error).message });
    throw error;
  }
}
