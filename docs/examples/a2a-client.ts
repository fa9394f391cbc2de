import { randomUUID } from 'node:crypto';
import { AgentCard, Role, TaskState, verifyAgentCardSignature } from '@a2a-js/sdk';
import {
  ClientFactory,
  ClientFactoryOptions,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
} from '@a2a-js/sdk/client';
import type { JSONWebKeySet } from 'jose';

const { KHIPU_URL = 'http://localhost:8080', KHIPU_API_KEY } = process.env;
const fetchImpl: typeof fetch = (url, init = {}) =>
  fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${KHIPU_API_KEY}` } });

const cardResolver = new DefaultAgentCardResolver({ fetchImpl });
const card = await cardResolver.resolve(`${KHIPU_URL}/a2a/demo/greeter/`);
const { keys } = (await (await fetch(`${KHIPU_URL}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
const verify = verifyAgentCardSignature(async (kid) => keys.find((key) => key.kid === kid) ?? {});
await verify(AgentCard.toJSON(card) as AgentCard);

const transports = [new JsonRpcTransportFactory({ fetchImpl })];
const options = ClientFactoryOptions.createFrom(ClientFactoryOptions.default, { transports, cardResolver });
const client = await new ClientFactory(options).createFromAgentCard(card);
const sent = await client.sendMessage({
  ...{ tenant: '', configuration: undefined, metadata: undefined },
  message: {
    ...{ messageId: randomUUID(), role: Role.ROLE_USER, contextId: '', taskId: '' },
    parts: [{ content: { $case: 'data', value: { name: 'Ana' } }, metadata: undefined, filename: '', mediaType: '' }],
    ...{ metadata: undefined, extensions: [], referenceTaskIds: [] },
  },
});
if (!('artifacts' in sent)) throw new Error('expected a task');

console.log(
  JSON.stringify({ agent: card.name, state: TaskState[sent.status?.state ?? 0], results: sent.artifacts.length }),
);
