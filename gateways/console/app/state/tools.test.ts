import { expect, test } from 'vitest';
import { tool } from '../../../../tests/console/recorded/agents.ts';
import { approvableManifest, nameAtServer, nextVersion, offeredManifest } from './tools.ts';

const manifest = { name: 'send-mail', description: 'Sends letters to anyone' };
const ended = (tools: readonly object[]) => ({ output: { tools }, code: null, detail: null });

test('a tool is found at its server by the name that its manifest has for it', () => {
  expect(nameAtServer(tool)).toBe('send_mail');
  expect(nameAtServer({ manifest: { name: 'mail' } })).toBeNull();
  const offers = [
    { tool: 'mail', problem: null, manifest: { name: 'mail' } },
    { tool: 'send_mail', problem: null, manifest },
  ];
  expect(offeredManifest(ended(offers), nameAtServer(tool))).toEqual(manifest);
});

test('an offer without a manifest, no offer and a failed question each say why', () => {
  const unusable = { tool: 'send_mail', problem: 'its schema is too large', manifest: null };
  expect(offeredManifest(ended([unusable]), 'send_mail')).toBe('its schema is too large');
  expect(offeredManifest(ended([]), 'send_mail')).toBe('Its server does not offer send_mail now.');
  const failed = { output: null, code: 'TOOL_UNREACHABLE', detail: 'It does not answer' };
  expect(offeredManifest(failed, 'send_mail')).toBe('TOOL_UNREACHABLE: It does not answer');
});

test('an approval takes what the server says, and keeps what people decided', () => {
  const pinned = {
    ...{ name: 'mail', version: '1.2.9', effect: 'read', description: 'Sends letters', hosts: [{ host: 'a.example' }] },
    ...{ input_schema: {}, output_schema: {}, config: { url: 'https://a.example', definition: 'd1' } },
  };
  const offered = {
    ...{ name: 'send-mail', version: '1.0.0', effect: 'irreversible', description: 'Reads letters', hosts: [] },
    ...{ input_schema: { type: 'object' }, output_schema: {}, config: { url: 'https://b.example', definition: 'd2' } },
  };
  expect(approvableManifest(pinned, offered)).toEqual({
    ...{ ...pinned, version: '1.2.10', description: 'Reads letters', input_schema: { type: 'object' } },
    config: { url: 'https://a.example', definition: 'd2' },
  });
  expect(nextVersion('2026-b')).toBe('2026-b.1');
});
