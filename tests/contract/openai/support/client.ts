import OpenAI from 'openai';
import type { ApiClient } from '../../../support/api-client.ts';

/** Returns the client of the OpenAI API for a gateway, with the key of `api` or another one. */
export const openAiOf = ({ url }: { readonly url: string }, { apiKey }: Pick<ApiClient, 'apiKey'>): OpenAI =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey });
