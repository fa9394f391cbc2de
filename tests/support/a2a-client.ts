/** The official client of the Agent2Agent protocol. */
import { AgentCard, type SendMessageRequest, type Task, verifyAgentCardSignature } from '@a2a-js/sdk';
import {
  type Client,
  ClientFactory,
  ClientFactoryOptions,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
} from '@a2a-js/sdk/client';
import type { JWK } from 'jose';
import type { ApiClient } from './api-client.ts';

/** Returns `fetch` with the API key of a client. */
const fetchWith =
  ({ apiKey }: Pick<ApiClient, 'apiKey'>): typeof fetch =>
  (url, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${apiKey}`);
    return fetch(url, { ...init, headers });
  };

/** Verifies the signature of a card, as it was sent, with the key that it names. Rejects when none of its signatures is right. */
export const verified = verifyAgentCardSignature(async (kid, jku) => {
  const { keys } = (await (await fetch(jku ?? '')).json()) as { readonly keys: readonly JWK[] };
  const key = keys.find((each) => each.kid === kid);
  if (key === undefined) throw new Error(`There is no key ${kid} at ${jku}`);
  return key;
});

/** A client that was made from the card of an agent. */
export interface AgentClient {
  readonly client: Client;
  readonly card: AgentCard;
}

/** Resolves with the client of the agent that an install is, from its card. Rejects when the card has no right signature. */
export async function agentClient(
  url: string,
  caller: Pick<ApiClient, 'apiKey'>,
  { tenant, install }: { readonly tenant: string; readonly install: string },
): Promise<AgentClient> {
  const fetchImpl = fetchWith(caller);
  const cardResolver = new DefaultAgentCardResolver({ fetchImpl });
  const card = await cardResolver.resolve(`${url}/a2a/${tenant}/${install}/`);
  // The SDK verifies a card as it was sent, not as it resolves it: a2aproject/a2a-js#663.
  await verified(AgentCard.toJSON(card) as AgentCard);
  const transports = [new JsonRpcTransportFactory({ fetchImpl })];
  const options = ClientFactoryOptions.createFrom(ClientFactoryOptions.default, { transports, cardResolver });
  return { client: await new ClientFactory(options).createFromAgentCard(card), card };
}

/** Returns a message whose one part is the input of a capsule, or a text. */
export function messageWith(
  input: object | string,
  messageId: string,
  { returnImmediately = false }: { readonly returnImmediately?: boolean } = {},
): SendMessageRequest {
  const content =
    typeof input === 'string' ? { $case: 'text' as const, value: input } : { $case: 'data' as const, value: input };
  const part = { content, metadata: undefined, filename: '', mediaType: '' };
  return {
    ...{ tenant: '', metadata: undefined },
    message: {
      ...{ messageId, contextId: '', taskId: '', role: 1, parts: [part], metadata: undefined },
      ...{ extensions: [], referenceTaskIds: [] },
    },
    configuration: { acceptedOutputModes: [], taskPushNotificationConfig: undefined, returnImmediately },
  };
}

/** Sends a message. Resolves with its task. */
export async function taskOf(client: Client, request: SendMessageRequest): Promise<Task> {
  const sent = await client.sendMessage(request);
  if ('messageId' in sent) throw new Error('expected a task');
  return sent;
}
