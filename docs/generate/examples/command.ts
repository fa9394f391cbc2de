import type { ApiDocument } from '../openapi/document.ts';
import { bodyOf, type Operation, problemsOf, resolved } from '../openapi/operations.ts';
import { createdVariable } from './created.ts';
import { scenes, variables } from './scenes.ts';
import { type Curl, curl, oneLine, quoted } from './shell.ts';

/** Returns the file name of an operation's example: `start-session.sh` for `startSession`. */
export const exampleFile = (operationId: string): string =>
  `${operationId.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.sh`;

/** Returns the URL of an operation, with the parameters that have a variable or an example, or that an operation creates. */
function urlOf(document: ApiDocument, { operationId, path, parameters = [] }: Operation): string {
  const examples = new Map(parameters.map(({ name, example }) => [name, variables[name] ?? example]));
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const example = examples.get(name) ?? createdVariable(document, path, name);
    if (example === undefined) throw new Error(`${operationId}: its parameter ${name} has no example`);
    return String(example);
  });
  const query = parameters
    .filter(({ name, in: location }) => location === 'query' && examples.get(name) !== undefined)
    .map(({ name }) => `${name}=${examples.get(name)}`);
  return `$KHIPU_URL${filled}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

function credentialsOf({ operationId, security = [] }: Operation): Readonly<Record<string, string>> {
  if (security.length === 0) return {};
  const takesKey = security.some((schemes) => 'api_key' in schemes);
  const variable = scenes[operationId]?.token ?? (takesKey ? 'KHIPU_API_KEY' : 'SESSION_TOKEN');
  return { Authorization: `Bearer $${variable}` };
}

/** Returns the bodies to send, as shell words; one undefined for an operation without a body. */
function bodiesOf(document: ApiDocument, operation: Operation): readonly (string | undefined)[] {
  const body = bodyOf(operation);
  const data = scenes[operation.operationId]?.data;
  if (body === undefined || data !== undefined) return [data];
  const { examples = [] } = resolved(document, body);
  if (examples.length === 0) throw new Error(`${operation.operationId}: its body has no example`);
  const withVariables = (name: string, value: unknown): unknown =>
    typeof value === 'string' ? (variables[name] ?? value) : value;
  return examples.map((example) => quoted(oneLine(example, withVariables)));
}

/** Returns the commands that read the ETag for `If-Match`, and the URL of the change. */
function readEtag(
  document: ApiDocument,
  operation: Operation,
  headers: Curl['headers'] = {},
): { lines: readonly string[]; url: string } {
  const { etagOf } = scenes[operation.operationId] ?? {};
  const url = urlOf(document, operation);
  if (etagOf === null || (etagOf === undefined && !problemsOf(operation).has('428'))) return { lines: [], url };
  const read = etagOf === undefined ? url : urlOf(document, { ...operation, path: etagOf });
  const etag = curl({
    url: etagOf === undefined ? '$url' : read,
    options: ["-o /dev/null -w '%header{etag}'"],
    headers,
  });
  return etagOf === undefined
    ? { lines: [`url="${url}"`, `etag=$(${etag})`], url: '$url' }
    : { lines: [`etag=$(${etag})`], url };
}

/** Returns the example of an operation: shell commands that send each example of its body. Throws when its path or body has none. */
export function exampleOf(document: ApiDocument, operation: Operation): string {
  const { note, before = [], headers = {}, form } = scenes[operation.operationId] ?? {};
  const credentials = credentialsOf(operation);
  const { lines, url } = readEtag(document, operation, credentials);
  const { 'text/event-stream': stream, 'application/json': whole } = operation.responses['200']?.content ?? {};
  const streams = stream !== undefined && whole === undefined;
  const usual = bodyOf(operation) === undefined && form === undefined ? 'GET' : 'POST';
  const sent = bodiesOf(document, operation).map((data) =>
    curl({
      url,
      options: [...(streams ? ['--no-buffer'] : []), ...(operation.method === usual ? [] : [`-X ${operation.method}`])],
      headers: {
        ...credentials,
        ...(lines.length > 0 && { 'If-Match': '$etag' }),
        ...(streams && { Accept: 'text/event-stream' }),
        ...headers,
      },
      data,
      form,
    }),
  );
  return `${[...(note === undefined ? [] : [`# ${note}`]), ...before, ...lines, ...sent].join('\n')}\n`;
}
