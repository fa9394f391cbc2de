import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtInNames, builtInPersonas } from '../../../schemas/contexts/personas/built-in.ts';
import { INSTRUCTIONS_BYTES_MAX } from '../../../schemas/contexts/personas/entries.ts';
import type { RecordOf } from '../../../streams/kernel.ts';
import { type ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

let platform: Harness;
beforeAll(async () => {
  platform = await startHarness();
});
afterAll(() => platform.close());

const url = '/v1/personas';
const rhymes = { instructions: 'Answer in rhymes.', temperature: 0.1 };
const put = (path: string, body: object, ifMatch?: string, client = platform.api) =>
  client.call<ProblemJson & Record<string, unknown>>('PUT', `${url}/${path}`, {
    body,
    headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
  });
const remove = (path: string, ifMatch = '*', client = platform.api) =>
  client.call<ProblemJson>('DELETE', `${url}/${path}`, { headers: { 'if-match': ifMatch } });
const get = (path: string, client = platform.api) =>
  client.call<ProblemJson & Record<string, unknown>>('GET', `${url}/${path}`);
const namesOf = async (query = '', client = platform.api) => {
  const { body } = await client.call<{ items: { name: string }[] }>('GET', `${url}${query}`);
  return body.items.map(({ name }) => name);
};
/** Returns the records of a topic, oldest first. */
const recordsIn = <Name extends 'SlmRequested' | 'PolicyDecided'>(topic: string, type: Name) =>
  platform.log
    .partitionsOf(topic)
    .flatMap(({ entries }) => entries)
    .flatMap((entry) => {
      if (entry === null) return [];
      const { record } = platform.decoder.decodeSync(entry);
      return record.type === type ? [record as RecordOf<Name>] : [];
    });
/** Starts a session with a prompt until policy has the persona. Resolves with the request to the model, and its decision. */
async function asked(body: Record<string, unknown>, client = platform.api) {
  const { body: started } = await until(
    () => client.start({ prompt: 'What is a khipu?', ...body }),
    ({ status }) => status === 201,
  );
  const request = await until(
    async () =>
      recordsIn('slm.requests', 'SlmRequested').find(({ data }) => data.sessionId === started.session_id)?.data,
    (found) => found !== undefined,
  );
  const decision = recordsIn('policy.decisions', 'PolicyDecided').find(
    ({ data }) => data.subjectId === started.session_id,
  )?.data;
  return { started, request, decision };
}

describe('the personas of a new platform', () => {
  test('are the built-in ones, of the platform, for every tenant', async () => {
    for (const client of [platform.api, platform.acme])
      expect(await namesOf('', client)).toEqual([...builtInNames].sort());
    const [guide] = builtInPersonas;
    const { status, body, headers } = await get('guide');
    expect({ status, etag: headers.get('etag') }).toEqual({ status: 200, etag: '"1"' });
    expect(body).toEqual({
      ...{ name: 'guide', tenant_id: null, version: 1, description: guide?.description },
      ...{ instructions: guide?.instructions, model: null, temperature: 0.7, max_tokens: null },
    });
    expect(await namesOf('?scope=tenant')).toEqual([]);
  });
});

describe('a persona', () => {
  test('is created once, changed by its version, and removed', async () => {
    const created = await put('clerk', rhymes);
    expect(created.status).toBe(201);
    expect(created.headers.get('etag')).toBe('"1"');
    expect(created.headers.get('location')).toBe('/v1/personas/clerk?scope=tenant');
    expect(created.body).toMatchObject({ ...rhymes, tenant_id: 'demo', version: 1, description: '', model: null });
    const again = await put('clerk', rhymes);
    expect(again).toMatchObject({ status: 409, body: { code: 'ALREADY_EXISTS', etag: '"1"' } });
    expect(await put('clerk', { ...rhymes, max_tokens: 9 }, '"1"')).toMatchObject({
      ...{ status: 200, body: { version: 2, max_tokens: 9 } },
    });
    expect(await put('clerk', rhymes, '"1"')).toMatchObject({ status: 412, body: { etag: '"2"' } });
    expect((await get('clerk')).body).toMatchObject({ version: 2 });
    expect((await remove('clerk', '"1"')).status).toBe(412);
    expect((await remove('clerk', '"2"')).status).toBe(204);
    expect((await get('clerk')).status).toBe(404);
    // Its version continues: an ETag never means another content.
    expect((await put('clerk', rhymes)).body['version']).toBe(4);
    await remove('clerk');
  });

  test('that does not exist is answered with those that do, and the nearest name', async () => {
    const { status, body } = await get('guid');
    expect(status).toBe(404);
    expect(body).toMatchObject({
      code: 'PERSONA_UNKNOWN',
      personas: ['analyst', 'guide', 'teacher'],
      detail: 'There is no persona guid; the personas are analyst, guide, teacher; did you mean guide?',
    });
    expect(await put('nobody', rhymes, '*')).toMatchObject({ status: 404, body: { code: 'PERSONA_UNKNOWN' } });
    expect(await remove('nobody')).toMatchObject({ status: 404, body: { code: 'PERSONA_UNKNOWN' } });
  });

  test.each([
    ['instructions', {}],
    ['instructions', { instructions: ' ' }],
    ['instructions', { instructions: 'ñ'.repeat(INSTRUCTIONS_BYTES_MAX / 2 + 1) }],
    ['temperature', { ...rhymes, temperature: 2.5 }],
    ['max_tokens', { ...rhymes, max_tokens: 0 }],
    ['wrong', { ...rhymes, wrong: 1 }],
  ])('is refused for its %s', async (field, body) => {
    const { status, body: problem } = await put('clerk', body);
    expect(status).toBe(400);
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual([`#/${field}`]);
  });

  test('with a model that no provider has is refused with those that there are', async () => {
    const { status, body } = await put('clerk', { ...rhymes, model: 'huge' });
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'MODEL_UNKNOWN', models: expect.arrayContaining(['small', 'large']) });
  });

  test('is managed with a capability for its owner', async () => {
    const own = await platform.clientWith('demo', ['personas:manage']);
    expect((await put('own', rhymes, undefined, own)).status).toBe(201);
    for (const path of ['own?scope=platform', 'own?tenant=acme']) {
      const { status, body } = await put(path, rhymes, undefined, own);
      expect([path, status, body.code]).toEqual([path, 403, 'CAPABILITY_MISSING']);
    }
    expect((await put('own?scope=platform', rhymes, undefined, own)).body.detail).toBe(
      'This requires personas:manage:*',
    );
    expect((await get('own?tenant=demo', platform.acme)).body.code).toBe('CAPABILITY_MISSING');
    expect((await get('own', platform.acme)).body.code).toBe('PERSONA_UNKNOWN');
    expect((await put('of-acme?tenant=acme', rhymes)).status).toBe(201);
    expect(await namesOf('', platform.acme)).toContain('of-acme');
    expect(await namesOf('?tenant=acme&scope=tenant')).toEqual(['of-acme']);
    expect((await remove('own', '*', own)).status).toBe(204);
  });
});

describe('a turn', () => {
  test('is answered as the persona is at the time, and its decision says how it was', async () => {
    await put('poet', { ...rhymes, max_tokens: 33, model: 'small' });
    const first = await asked({ persona: 'poet' });
    expect(first.request).toMatchObject({
      ...{ model: 'small', maxTokens: 33, temperature: 0.1 },
      messages: [{ role: 'system', content: rhymes.instructions }, { role: 'user' }],
    });
    expect(first.decision?.persona).toEqual({
      ...{ name: 'poet', entryId: 'persona:demo:poet', version: 1, ...rhymes },
    });
    expect((await asked({ persona: 'poet', model: 'large', max_tokens: 5 })).request).toMatchObject({
      ...{ model: 'large', maxTokens: 5 },
    });
    await put('poet', { instructions: 'Answer in prose.' }, '*');
    // In the session that runs: policy may be a moment behind this gateway.
    const prompts = await until(
      async () => {
        await platform.api.turn(first.started, 'And now?');
        return recordsIn('slm.requests', 'SlmRequested').flatMap(({ data }) =>
          data.sessionId === first.started.session_id ? [data.messages[0]?.content] : [],
        );
      },
      (said) => said.includes('Answer in prose.'),
    );
    expect(prompts[0]).toBe(rhymes.instructions);
  });

  test('takes the persona of its tenant in place of that of the platform', async () => {
    await put('teacher', { instructions: 'Teach in riddles.' });
    const system = async (client: ApiClient) =>
      (await asked({ persona: 'teacher' }, client)).request?.messages[0]?.content;
    expect(
      await until(
        () => system(platform.api),
        (said) => said === 'Teach in riddles.',
      ),
    ).toBeDefined();
    expect(await system(platform.acme)).toBe(builtInPersonas.find(({ name }) => name === 'teacher')?.instructions);
    await remove('teacher');
    await until(
      () => system(platform.api),
      (said) => said !== 'Teach in riddles.',
    );
  });

  test('with an unknown persona is denied by policy, with those that exist', async () => {
    const { status, body } = await platform.api.start({ persona: 'gude', prompt: 'What is a khipu?' });
    expect(status).toBe(403);
    expect(body).toMatchObject({
      code: 'POLICY_DENIED',
      decision: { outcome: 'deny', reasons: expect.arrayContaining(['PERSONA_UNKNOWN']), clauses: ['persona:gude'] },
      personas: expect.arrayContaining(['analyst', 'guide', 'teacher']),
    });
    expect(body.detail).toMatch(/The persona is gude; the personas are .*guide.*; did you mean guide\?$/);
    const chat = await platform.api.call<{ error: { message: string } }>('POST', '/v1/chat/completions', {
      body: { model: 'small', messages: [{ role: 'user', content: 'hi' }], metadata: { khipu_persona: 'gude' } },
    });
    expect(chat.status).toBe(403);
    expect(chat.body.error.message).toMatch(/did you mean guide\?/);
  });

  test('of a removed persona is refused on its stream', async () => {
    await put('brief', rhymes);
    const { started } = await asked({ persona: 'brief' });
    await remove('brief');
    const events = await until(
      async () => {
        const { body } = await platform.api.turn(started, 'And now?');
        return platform.api.stream(started, body.turn_url);
      },
      (all) => all.some(({ event }) => event === 'turn.refused'),
    );
    expect(JSON.stringify(events)).toContain('PERSONA_UNKNOWN');
  });
});
