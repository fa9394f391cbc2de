import { startRestate } from '../restate/server.ts';
import { atOnce, type JobSystem, nowMs } from './system.ts';

/** Starts Restate with the service of ../restate/service.ts. */
export async function startRestateJobs(dir: string, note: (text: string) => void): Promise<JobSystem> {
  const { serviceUrl, processes, stop } = await startRestate(dir, note);
  const ask = async <Body>(handler: string): Promise<Body> => {
    const answer = await fetch(`${serviceUrl}/${handler}`, { method: 'POST' });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Restate ${handler} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as Body;
  };
  return {
    processes,
    keepsSteps: true,
    three: async () => {
      const { first_step_ms: firstStepMs } = await ask<{ readonly first_step_ms: number }>('timed');
      return { firstStepMs, endMs: nowMs() };
    },
    insert: (count) => atOnce(count, () => ask('nothing/send')),
    ended: async () => (await ask<{ readonly ended: number }>('count')).ended,
    stop,
  };
}
