import type { SendMessageRequest, Task } from '@a2a-js/sdk';
import {
  ExtendedAgentCardNotConfiguredError,
  PushNotificationNotSupportedError,
  RequestMalformedError,
  UnsupportedOperationError,
} from '@a2a-js/sdk/errors';
import type { A2ARequestHandler } from '@a2a-js/sdk/server';
import { problemOf } from '../shared/problems/from-error.ts';
import type { A2aAsked, A2aServices } from './asked.ts';
import { a2aErrorOf } from './errors.ts';
import { cancelRun, endedRun, knownRun, startedRun, startRun } from './runs.ts';
import { taskOf } from './tasks.ts';

/** Runs work of a request. Rejects with A2AError alone; what is unexpected is logged. */
export async function orA2aError<T>({ logger }: Pick<A2aServices, 'logger'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const shown = a2aErrorOf(error);
    if (shown !== error && problemOf(error as Error).code === 'UNEXPECTED')
      logger.error({ err: error }, 'a message over A2A failed');
    throw shown;
  }
}

/** Returns the message of a request. Throws RequestMalformedError without one. */
export function messageIn({ message }: SendMessageRequest) {
  if (message !== undefined) return message;
  throw new RequestMalformedError('params.message: expected a message');
}

const noPushes = (): never => {
  throw new PushNotificationNotSupportedError('Follow a task by SubscribeToTask');
};
const noStreams = (): never => {
  throw new Error('a stream is served by its route');
};

/**
 * Returns the agent that an install is, for one request: a message is a run of it, and a task is what the log says of the run.
 * Its streams are served beside it. `signal` aborts when the caller waits no longer.
 */
export function agentOf(services: A2aServices, asked: A2aAsked, signal: AbortSignal): A2ARequestHandler {
  const shown = (work: () => Promise<Parameters<typeof taskOf>[0]>): Promise<Task> =>
    orA2aError(services, async () => taskOf(await work()));
  return {
    sendMessage: (params) =>
      shown(async () => {
        const runId = await startRun(services, asked, messageIn(params));
        return params.configuration?.returnImmediately === true
          ? startedRun(services, asked, runId)
          : endedRun(services, asked, { runId, signal });
      }),
    getTask: ({ id }) => shown(() => knownRun(services, asked, id)),
    cancelTask: ({ id }) => shown(() => cancelRun(services, asked, id)),
    listTasks: async () => {
      throw new UnsupportedOperationError(
        'Tasks are not listed here: GET /v1/agents/runs lists the runs of the tenant',
      );
    },
    getAgentCard: async () => {
      throw new ExtendedAgentCardNotConfiguredError('The card is behind its path alone');
    },
    getAuthenticatedExtendedAgentCard: async () => {
      throw new ExtendedAgentCardNotConfiguredError('The card has all there is');
    },
    createTaskPushNotificationConfig: async () => noPushes(),
    getTaskPushNotificationConfig: async () => noPushes(),
    listTaskPushNotificationConfigs: async () => noPushes(),
    deleteTaskPushNotificationConfig: async () => noPushes(),
    sendMessageStream: noStreams,
    resubscribe: noStreams,
  };
}
