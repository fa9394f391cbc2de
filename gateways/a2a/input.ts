import type { Message } from '@a2a-js/sdk';
import { ContentTypeNotSupportedError, RequestMalformedError } from '@a2a-js/sdk/errors';
import { isJsonObject, type JsonObject } from '../../schemas/json-object.ts';

/** Returns the field of an input schema that a text is taken for: the only one that is required, a string; null without such a one. */
export function textField({ required, properties }: JsonObject): string | null {
  const [name, ...others] = Array.isArray(required) ? (required as unknown[]) : [];
  if (typeof name !== 'string' || others.length > 0 || !isJsonObject(properties)) return null;
  const property = properties[name];
  return isJsonObject(property) && property['type'] === 'string' ? name : null;
}

/**
 * Returns the input that a message carries in its one part: an object as data, or a text where the schema has a field for it.
 * The schema is checked later. Throws A2AError: RequestMalformedError, ContentTypeNotSupportedError.
 */
export function inputOf({ parts }: Pick<Message, 'parts'>, schema: JsonObject): JsonObject {
  const [part, ...others] = parts;
  if (part?.content === undefined || others.length > 0)
    throw new RequestMalformedError('message.parts: expected one part, the input');
  const { content } = part;
  if (content.$case === 'data') {
    const value: unknown = content.value;
    if (isJsonObject(value)) return value;
    throw new RequestMalformedError('message.parts[0].data: expected an object, the input');
  }
  const field = content.$case === 'text' ? textField(schema) : null;
  if (field === null || content.$case !== 'text')
    throw new ContentTypeNotSupportedError(`A part of ${content.$case} is not taken: the input is data, JSON`);
  return { [field]: content.value };
}
