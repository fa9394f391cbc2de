import { hash } from 'node:crypto';
import type { CallToolResult } from '@modelcontextprotocol/client';
import { ToolError } from '../../errors.ts';
import type { McpConfig } from './config.ts';
import { requireShallow } from './definition.ts';

/** Output of a tool that declares no output schema: its contents, in order. */
export const CONTENT_SCHEMA = {
  type: 'object',
  properties: { content: { type: 'array', items: { type: 'object', properties: { type: { type: 'string' } } } } },
  required: ['content'],
} as const;

/** Longest text of a failure in a detail, in characters. */
const FAILURE_SHOWN = 300;

type Content = CallToolResult['content'][number];
type Media = McpConfig['media'];

const named = (kind: string, mediaType: string | undefined, base64: string): object => {
  const bytes = Buffer.from(base64, 'base64');
  return { type: kind, media_type: mediaType ?? null, bytes: bytes.length, sha256: hash('sha256', bytes, 'hex') };
};

function shown(content: Content, media: Media): object {
  switch (content.type) {
    case 'text':
      return { type: 'text', text: content.text };
    case 'resource_link':
      // A name, never followed.
      return { type: 'resource_link', uri: content.uri, name: content.name, media_type: content.mimeType ?? null };
    case 'resource':
      if ('text' in content.resource)
        return { type: 'resource', uri: content.resource.uri, text: content.resource.text };
      return {
        uri: content.resource.uri,
        ...bytesOf('resource', content.resource.mimeType, content.resource.blob, media),
      };
    case 'image':
    case 'audio':
      return bytesOf(content.type, content.mimeType, content.data, media);
    default:
      throw refused(String((content as { readonly type?: unknown }).type));
  }
}

const refused = (kind: string): ToolError =>
  new ToolError(
    'TOOL_CONTENT_REFUSED',
    `The answer has a content of the type ${kind.slice(0, 32)}, which is not taken`,
    {
      effect: 'done',
    },
  );

function bytesOf(kind: string, mediaType: string | undefined, base64: string, media: Media): object {
  if (media !== 'digest') throw refused(kind);
  return named(kind, mediaType, base64);
}

/** Returns the text of a result, cut. */
const textOf = (result: CallToolResult): string =>
  result.content
    .flatMap((each) => (each.type === 'text' ? [each.text] : []))
    .join(' ')
    .replaceAll(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, FAILURE_SHOWN);

/**
 * Returns the output of a call: its structured content, else its contents. Throws ToolError: TOOL_FAILED for a result that is
 * an error, TOOL_CONTENT_REFUSED for bytes that the manifest does not take, TOOL_ANSWER_INVALID for a value that is too deep.
 */
export function outputOf(result: CallToolResult, media: Media): unknown {
  requireShallow(result, 'done');
  if (result.isError === true) {
    const text = textOf(result);
    throw new ToolError('TOOL_FAILED', text === '' ? 'The tool says that it failed' : `The tool says: ${text}`, {
      effect: 'unknown',
    });
  }
  if (result.structuredContent !== undefined) return result.structuredContent;
  return { content: result.content.map((each) => shown(each, media)) };
}
