import { useEffect, useRef } from 'preact/hooks';
import { followAgentRun } from '../../../../infra/client/agent-events.ts';
import { platformApi } from '../api/client.ts';

/** Events of a moment are one change, in ms. */
const TOGETHER_MS = 150;

/** Calls `onChange` when the log has further events of a run. Without a stream, the page reads the run again by its clock. */
export function useRunEvents(runId: string, goes: boolean, onChange: () => void): void {
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => {
    if (!goes) return;
    const over = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = async (): Promise<void> => {
      for await (const _event of followAgentRun(platformApi, { runId, signal: over.signal }))
        timer ??= setTimeout(() => {
          timer = undefined;
          if (!over.signal.aborted) change.current();
        }, TOGETHER_MS);
    };
    follow().catch(() => undefined);
    return () => {
      over.abort();
      clearTimeout(timer);
    };
  }, [runId, goes]);
}
