import { formatSSEEvent, StreamResponse } from '@a2a-js/sdk';
import { toJsonRpcError } from '@a2a-js/sdk/errors';
import { fullNames } from '../../schemas/generated/records.ts';
import { refusalProblem } from '../shared/problems/problem.ts';
import type { StoredEvent } from '../shared/read-model.ts';
import type { StreamView } from '../shared/stream/stream.ts';
import { a2aErrorOf } from './errors.ts';
import { askedRun, endUpdates, isOver, type KnownRun, stepUpdate, taskOf, withEvent } from './tasks.ts';

/** Id of a request of JSON-RPC. */
export type RpcId = string | number | null;

/** A run as the stream of a task: the task, a status after each step, the result, and the last status. */
export class TaskView implements StreamView<StoredEvent> {
  readonly #id: RpcId;
  #run: KnownRun;
  #begun = false;
  #refused = false;
  #caughtUp = false;

  constructor(id: RpcId, runId: string) {
    this.#id = id;
    this.#run = askedRun(runId, null);
  }

  /** A run that was asked for and does not begin is not waited for without end. */
  get waitsToBegin(): boolean {
    return !this.#begun;
  }

  /** The client has no event: it takes all of them. */
  note(): void {}

  take(event: StoredEvent): readonly string[] {
    if (event.type === fullNames.AgentRunRefused && !this.#begun) return [this.#refusal(event)];
    this.#run = withEvent(this.#run, event);
    return this.#updates(event).map((update) => this.#frame({ result: StreamResponse.toJSON(update) }));
  }

  caughtUp(): void {
    this.#caughtUp = true;
  }

  get ended(): boolean {
    return this.#caughtUp && (this.#refused || isOver(this.#run));
  }

  #updates(event: StoredEvent): readonly StreamResponse[] {
    if (event.type === fullNames.AgentRunStarted) {
      this.#begun = true;
      return [{ payload: { $case: 'task', value: taskOf(this.#run) } }];
    }
    if (event.type === fullNames.AgentStepCompleted)
      return [stepUpdate(this.#run, (event.data as { readonly step: number }).step)];
    return isOver(this.#run) ? endUpdates(this.#run) : [];
  }

  #refusal(event: StoredEvent): string {
    this.#refused = true;
    const { code, detail } = event.data as { readonly code: string; readonly detail: string };
    return this.#frame({ error: toJsonRpcError(a2aErrorOf(refusalProblem(code, detail, {}))) });
  }

  #frame(of: { readonly result: unknown } | { readonly error: unknown }): string {
    return formatSSEEvent({ jsonrpc: '2.0', id: this.#id, ...of });
  }
}
