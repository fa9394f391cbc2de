import { agentCallEnded } from '../../../schemas/generated/records.ts';
import { errorResult, shown } from '../history.ts';
import type { Output } from '../state.ts';

/** Returns the end of a call that nothing was called for. */
export const invalid = (runId: string, step: number, callId: string, code: string, detail: string): Output =>
  agentCallEnded({
    ...{ runId, step, callId, outcome: 'invalid', code, detail, ...shown(errorResult(code, detail)) },
    ...{ labels: [], tokensConsumed: { prompt: 0, completion: 0 }, cost: '0.000000000' },
  });
