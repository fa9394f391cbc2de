import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApiError } from '../../../../infra/client/api-error.ts';
import { failureOf } from '../api/client.ts';

/** What a page knows about an answer of the API. The last data stays while it is read again. */
export interface Resource<T> {
  readonly data: T | null;
  readonly error: ApiError | null;
  readonly isLoading: boolean;
  /** Reads it again now. */
  readonly reload: () => void;
}

/** Pause before the next read, in ms; undefined when there is none. */
type Pause = number | undefined;

export interface ResourceOptions<T> {
  /** Pause between two reads, or what the last data says of it; without it, it is read once. A hidden page does not read again. */
  readonly everyMs?: Pause | ((data: T | null) => Pause);
  /** False while there is nothing to read. */
  readonly when?: boolean;
}

/** Reads an answer of the API when the page opens, when `key` changes, and again every `everyMs`. */
export function useResource<T>(key: string, load: () => Promise<T>, options: ResourceOptions<T> = {}): Resource<T> {
  const { everyMs, when = true } = options;
  const [state, setState] = useState<Pick<Resource<T>, 'data' | 'error' | 'isLoading'> & { readonly key: string }>({
    ...{ key, data: null, error: null, isLoading: when },
  });
  const [round, setRound] = useState(0);
  const current = useRef({ load, everyMs });
  current.current = { load, everyMs };
  // A function is another one each time: what it returns is asked for after each read.
  const fixedMs = typeof everyMs === 'function' ? null : everyMs;

  // A round is a request to read again.
  useEffect(() => {
    if (!when) return;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last: T | null = null;
    const again = (): void => {
      const { everyMs: of } = current.current;
      const pauseMs = typeof of === 'function' ? of(last) : of;
      if (pauseMs !== undefined && !isOver) timer = setTimeout(() => void (document.hidden ? again() : run()), pauseMs);
    };
    const run = async (): Promise<void> => {
      setState((before) => ({ ...(before.key === key ? before : { key, data: null, error: null }), isLoading: true }));
      try {
        const data = await current.current.load();
        last = data;
        if (!isOver) setState({ key, data, error: null, isLoading: false });
      } catch (cause) {
        if (!isOver) setState((before) => ({ ...before, error: failureOf(cause), isLoading: false }));
      }
      again();
    };
    void run();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [key, fixedMs, when, round]);

  const isStale = state.key !== key;
  return {
    data: isStale ? null : state.data,
    error: isStale ? null : state.error,
    isLoading: isStale || state.isLoading,
    reload: () => setRound((before) => before + 1),
  };
}
