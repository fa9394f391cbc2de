import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from '../../../client/api.ts';
import { settledAnswer } from '../../../client/settle.ts';
import type { Style } from '../../show/style.ts';
import { DemoError } from '../platform.ts';

/** A call that the agent asks for. */
export interface Asked {
  readonly call_id: string;
  readonly model_name: string;
  readonly arguments: string;
}

const APPROVED = 'demo-book';
/** Longest wait for the request of an approval, in ms. */
const APPROVAL_MS = 30_000;
const LOOK_MS = 100;

interface Screen {
  readonly style: Style;
  readonly write: (text: string) => void;
  /** Asks a person whether a call may run; the question names it. */
  readonly approve: (question: string) => Promise<boolean>;
}

/** Asks a person about each call that waits for an approval, and decides as they say. One that was decided elsewhere stands. */
export async function decideOn(api: Api, calls: readonly Asked[], { write, style, approve }: Screen): Promise<void> {
  for (const { call_id: id, model_name: name, arguments: given } of calls.filter(
    (call) => call.model_name === APPROVED,
  )) {
    const waiting = await waitingApproval(api, id);
    write(
      `   ${style.strong('waits for an approval')}  ${style.dim(`./khipu approvals approve ${id} --digest ${waiting}`)}\n`,
    );
    const outcome = (await approve(`   Allow ${name} ${given}?`)) ? 'approve' : 'reject';
    const answer = await api.POST('/v1/approvals/{approval_id}/decision', {
      ...{ params: { path: { approval_id: id } }, body: { outcome, digest: waiting, reason: 'decided in the demo' } },
    });
    const code = (answer.error as { readonly code?: string } | undefined)?.code;
    if (code !== 'APPROVAL_ENDED') settledAnswer(answer);
    write(`   ${outcome === 'approve' ? style.good('approved') : style.bad('rejected')}\n`);
  }
}

/** Resolves with the digest that an approval is bound to, once it is asked for. Rejects with DemoError DEMO_RUN_FAILED after 30 s. */
async function waitingApproval(api: Api, approvalId: string): Promise<string> {
  for (let waited = 0; waited < APPROVAL_MS; waited += LOOK_MS) {
    const { data } = await api.GET('/v1/approvals/{approval_id}', { params: { path: { approval_id: approvalId } } });
    if (data?.digest) return data.digest;
    await delay(LOOK_MS);
  }
  throw new DemoError('DEMO_RUN_FAILED', `the call ${approvalId} asks for no approval`);
}
