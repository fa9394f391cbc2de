import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { schemas } from '../../schemas/generated/schemas.ts';
import { readOnlyRegistry } from './registry.ts';

/** Looks a schema up in a registry that answers every request alike. */
async function lookedUp(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return await readOnlyRegistry(`http://127.0.0.1:${port}/apis/ccompat/v7`).lookup(7);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const answering =
  (status: number, body: object): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

it('a schema is looked up as it was registered, so that a record with a decimal can be read by it', async () => {
  const paths: unknown[] = [];
  const text = await lookedUp((request, response) => {
    paths.push(request.url);
    answering(200, { schema: schemas.TurnQueued })(request, response);
  });
  expect(paths).toEqual(['/apis/ccompat/v7/schemas/ids/7']);
  expect(text).toBe(schemas.TurnQueued);
  expect(text).toContain('"logicalType":"decimal"');
  expect(() => readOnlyRegistry('http://unused').codec.learn(7, text)).not.toThrow();
});

it('an unknown id is permanent, and a registry without an answer is not', async () => {
  await expect(lookedUp(answering(404, { error_code: 40403 }))).rejects.toMatchObject({ code: 'RECORD_UNKNOWN' });
  await expect(lookedUp(answering(500, {}))).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  await expect(readOnlyRegistry('http://127.0.0.1:1').lookup(7)).rejects.toMatchObject({
    code: 'REGISTRY_UNAVAILABLE',
  });
});
