import { z } from 'zod';
import type { ProblemFormat } from '../shared/problems/format.ts';

/** Codes of JSON-RPC for problems of a request that never became a message of the protocol. */
const [PARSE_ERROR, INVALID_REQUEST, INTERNAL_ERROR] = [-32_700, -32_600, -32_603];

const errorBody = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.null(),
  error: z.object({ code: z.int(), message: z.string(), data: z.looseObject({ code: z.string() }) }),
});

/** Problems as errors of JSON-RPC: the status and the headers are those of the problem, `data.code` is its stable code. */
export const mcpErrors: ProblemFormat = {
  mediaType: 'application/json',
  schema: errorBody,
  body: ({ code, status, message, options }, { id }) => {
    const kind = code === 'REQUEST_MALFORMED' ? PARSE_ERROR : status < 500 ? INVALID_REQUEST : INTERNAL_ERROR;
    const data = { ...options.extensions, code: options.refusalCode ?? code, request_id: id };
    return { jsonrpc: '2.0', id: null, error: { code: kind, message, data } };
  },
};
