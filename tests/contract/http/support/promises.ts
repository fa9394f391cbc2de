import { randomUUID } from 'node:crypto';
import type { MemoryLog } from '../../../../infra/kafka/memory/log.ts';
import { decodePositionToken } from '../../../../infra/projections/position-token.ts';
import { allTopics } from '../../../../schemas/topics.ts';
import { type ApiAnswer, ApiClient, type ProblemJson, until } from '../../../support/api-client.ts';
import type { Operation } from './operations.ts';
import type { WriteRequest, WriteRequests } from './write-requests.ts';

type Answer = ApiAnswer<ProblemJson & Record<string, unknown>>;

/** The environment of the checks: two gateways on one log, of which the second never saw the requests of the first. */
export interface World {
  readonly log: MemoryLog;
  readonly here: ApiClient;
  readonly requests: WriteRequests;
  /** Maximum wait for a read model, in ms. */
  readonly patienceMs: number;
  /** Starts another gateway with the same routes. */
  readonly another: () => Promise<{ readonly url: string; close(): Promise<void> }>;
}

/** Fields that differ in each answer: secrets that are shown once, and their expiry. */
const SHOWN_ONCE = ['token', 'expires_at', 'key'];

// Pieces of contents are named by their digests: a repeat that writes them again changes nothing.
const commandTopics = allTopics
  .filter(({ kind, writers }) => kind === 'commands' && writers.includes('gateway'))
  .map(({ name }) => name);

/** Returns the number of commands that gateways appended: each is its own cause. What processors write there has another one. */
const commandsIn = (log: MemoryLog): number =>
  commandTopics
    .flatMap((topic) => log.partitionsOf(topic).flatMap(({ entries }) => entries))
    .filter((entry) => entry !== null && entry.headers['ce_id'] === entry.headers['ce_causationid']).length;

async function send(
  client: ApiClient,
  request: WriteRequest,
  headers: Readonly<Record<string, string>> = {},
  body: object | undefined = request.body,
  path = request.path,
): Promise<Answer> {
  return client.call(request.method, path, {
    token: request.token,
    headers: { ...request.headers, ...headers },
    ...(body !== undefined && { body }),
  });
}

const other = (client: ApiClient, request: WriteRequest, headers: Readonly<Record<string, string>>) =>
  send(client, request, { ...headers, ...request.otherHeaders }, request.otherBody);

/** Returns false for a request without a body and a version: there is no other one for its path. */
const hasOther = ({ otherBody, otherHeaders }: WriteRequest): boolean =>
  otherBody !== undefined || otherHeaders !== undefined;

const shown = ({ body }: Answer): string =>
  typeof body === 'object'
    ? JSON.stringify({
        ...Object.fromEntries(Object.entries(body).filter(([name]) => !SHOWN_ONCE.includes(name))),
        request_id: '',
      })
    : '';

/** Returns true for equal answers. The text of a key is shown once: a repeat of its creation is 200 without it. */
const isSame = (one: Answer, again: Answer): boolean =>
  shown(one) === shown(again) &&
  (one.status === again.status || (one.body['key'] !== undefined && again.status === 200));

const pointers = ({ body }: Answer, part: string): readonly string[] =>
  (body.errors ?? []).flatMap((error) => (error.in === part ? [error.pointer] : []));

/** Collects the broken promises as sentences. */
class Promises {
  readonly broken: string[] = [];

  check(isKept: boolean, promise: string, answer?: Answer): void {
    if (isKept) return;
    const seen = answer === undefined ? '' : ` (${answer.status} ${JSON.stringify(answer.body).slice(0, 120)})`;
    this.broken.push(`${promise}${seen}`);
  }
}

/** Returns the promises of "Common to all" that a write does not keep; empty when it keeps all of them. */
export async function brokenPromises(operation: Operation, world: World): Promise<readonly string[]> {
  const promises = new Promises();
  described(operation, promises);
  await repeated(operation, world, promises);
  await async(operation, world, promises);
  await positioned(operation, world, promises);
  await strict(operation, world, promises);
  await authenticated(operation, world, promises);
  return promises.broken;
}

function described({ headers, responses, statuses }: Operation, promises: Promises): void {
  for (const name of ['idempotency-key', 'prefer'])
    promises.check(headers.includes(name), `the document names ${name}`);
  for (const status of ['202', '400', '401', '403', '422', '503'])
    promises.check(statuses.includes(status), `the document names ${status}`);
  const accepted = Object.keys(responses['202']?.headers ?? {});
  for (const name of ['location', 'preference-applied', 'khipu-position'])
    promises.check(accepted.includes(name), `the document names ${name} of a 202`);
  promises.check(responses['422']?.description.includes('IDEMPOTENCY_KEY_REUSED') === true, 'the document names 422');
}

/** Checks that a key has one command and one answer, here and at another gateway, and that another request with it is an error. */
async function repeated(operation: Operation, world: World, promises: Promises): Promise<void> {
  const { here, log, another } = world;
  const request = await world.requests.next(operation);
  const key = { 'idempotency-key': randomUUID() };
  const before = commandsIn(log);
  const first = await send(here, request, key);
  const second = await send(here, request, key);
  promises.check(first.status < 500, 'a first request is answered', first);
  promises.check(isSame(first, second), 'a repeat has the same answer', second);
  const isReused = ({ body }: Answer): boolean => !hasOther(request) || body.code === 'IDEMPOTENCY_KEY_REUSED';
  const reused = await other(here, request, key);
  promises.check(isReused(reused), 'another request with the key is refused', reused);
  const further = await another();
  const there = new ApiClient({ url: further.url, apiKey: here.apiKey });
  try {
    const asked = (answer: Answer) => isSame(first, answer);
    const third = await until(() => send(there, request, key), asked, world.patienceMs).catch(() =>
      send(there, request, key),
    );
    promises.check(isSame(first, third), 'a repeat at another gateway has the same answer', third);
    const reusedThere = await other(there, request, key);
    promises.check(isReused(reusedThere), 'another request with the key is refused at another gateway', reusedThere);
  } finally {
    await further.close();
  }
  promises.check(commandsIn(log) - before === 1, 'one command is appended for all repeats');
}

/** Checks `Prefer`: 202 at once, a `Location`, and the outcome for a repeat. */
async function async(operation: Operation, world: World, promises: Promises): Promise<void> {
  const { here } = world;
  for (const prefer of ['respond-async', 'wait=0']) {
    const request = await world.requests.next(operation);
    const key = { 'idempotency-key': randomUUID() };
    const accepted = await send(here, request, { ...key, prefer });
    promises.check(accepted.status === 202, `${prefer} is answered 202`, accepted);
    promises.check(
      accepted.headers.get('preference-applied') === prefer,
      `${prefer} is named in Preference-Applied`,
      accepted,
    );
    promises.check(accepted.body['idempotency_key'] === key['idempotency-key'], 'a 202 names the key', accepted);
    const location = accepted.headers.get('location') ?? '';
    promises.check(location.startsWith('/v1/'), 'a 202 has a Location', accepted);
    const isRemoval = request.method === 'DELETE' && !location.includes('/api-keys/');
    const look = () =>
      here.call('GET', location.startsWith('/v1/') ? location : '/none', {
        token: request.token,
        // A stream ends after its last event.
        headers: { accept: '*/*' },
      });
    const found = await until(look, ({ status }) => status === (isRemoval ? 404 : 200), world.patienceMs).catch(look);
    const isRefused = found.status >= 400 && found.status !== 404;
    promises.check(isRemoval || found.status === 200 || isRefused, 'the result is found at Location', found as Answer);
    const again = await until(() => send(here, request, key), isAnswered(operation), world.patienceMs).catch(
      () => undefined,
    );
    promises.check(again !== undefined, 'a repeat of a pending request returns the outcome');
  }
  const waited = await send(here, await world.requests.next(operation), { prefer: 'wait=1' });
  promises.check(waited.status < 500, 'a bounded wait is answered', waited);
}

/** Writes that are always 202: the stream of a turn, and the jobs of a bulk request, report the outcome. */
export const ALWAYS_PENDING: readonly string[] = ['submitTurn', 'startJobs', 'actOnJobs'];

/** Returns true for an answer that is final. */
const isAnswered =
  ({ operationId }: Operation) =>
  ({ status }: Answer): boolean =>
    status !== 202 || ALWAYS_PENDING.includes(operationId);

/** Checks that an outcome has a `Khipu-Position`, which a query accepts. */
async function positioned(operation: Operation, world: World, promises: Promises): Promise<void> {
  const answer = await send(world.here, await world.requests.next(operation));
  if (answer.status === 202) return promises.check(isAnswered(operation)(answer), 'an outcome comes in time', answer);
  const token = answer.headers.get('khipu-position') ?? '';
  try {
    decodePositionToken(token);
  } catch {
    return promises.check(false, 'an outcome has a Khipu-Position', answer);
  }
  const seen = await world.here.call('GET', '/v1/audit', { headers: { 'khipu-position': token } });
  promises.check(seen.status === 200, 'a query accepts the position', seen as Answer);
}

/** Checks that unknown fields are rejected and named. */
async function strict(operation: Operation, world: World, promises: Promises): Promise<void> {
  const request = await world.requests.next(operation);
  if (operation.hasBody) {
    const answer = await send(world.here, request, {}, { ...request.body, planted: 1 });
    const isNamed = answer.status === 400 && pointers(answer, 'body').includes('#/planted');
    promises.check(isNamed, 'an unknown field of the body is rejected', answer);
  }
  const answer = await send(world.here, request, {}, request.body, `${request.path}?planted=1`);
  const isNamed = answer.status === 400 && pointers(answer, 'query').includes('#/planted');
  promises.check(isNamed, 'an unknown field of the query is rejected', answer);
}

async function authenticated({ takes, ...operation }: Operation, world: World, promises: Promises): Promise<void> {
  const { here, requests } = world;
  const request = await requests.next({ takes, ...operation });
  const none = await here.call<ProblemJson>(request.method, request.path, { token: null, body: request.body });
  promises.check(
    none.status === 401 && none.headers.get('www-authenticate') !== null,
    'credentials are required',
    none as Answer,
  );
  if (takes.length !== 1) return;
  const wrong = takes[0] === 'api_key' ? requests.session.token : here.apiKey;
  const refused = await send(here, { ...request, token: wrong });
  promises.check(refused.body.code === 'CREDENTIAL_NOT_ALLOWED', 'the other kind of credentials is refused', refused);
}

/** Returns the broken promises of a write while the log is unavailable, or new work is stopped. A kill switch stops it when `isGoverned`. */
export async function brokenWhile(
  state: 'away' | 'stopped',
  operation: Operation,
  request: WriteRequest,
  client: ApiClient,
  isGoverned: boolean,
): Promise<readonly string[]> {
  const promises = new Promises();
  const answer = await send(client, request);
  if (state === 'away' || isGoverned) {
    const code = state === 'away' ? 'LOG_UNAVAILABLE' : 'KILL_SWITCH';
    promises.check(answer.status === 503 && answer.body.code === code, `it is refused: ${code}`, answer);
    promises.check(answer.headers.get('retry-after') !== null, 'a refusal has Retry-After', answer);
    promises.check(operation.responses['503']?.description.includes(code) === true, `the document names ${code}`);
  } else promises.check(answer.status < 500, 'an administrative write continues', answer);
  return promises.broken;
}
