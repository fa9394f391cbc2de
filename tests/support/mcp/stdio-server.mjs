/** An MCP server on standard input and output, without a dependency: it speaks 2025-11-25, as most programs do. */
import { createInterface } from 'node:readline';

const tools = [
  {
    name: 'shout',
    description: 'Writes in capitals',
    inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  },
  { name: 'network', description: 'Tries to reach the network', inputSchema: { type: 'object' } },
  { name: 'exit', description: 'Ends in the middle', inputSchema: { type: 'object' } },
];
const text = (value) => ({ content: [{ type: 'text', text: value }] });

async function call({ name, arguments: given }) {
  if (name === 'shout') return text(given.text.toUpperCase());
  if (name === 'exit') process.exit(3);
  return fetch(given.url).then(
    () => text('reached'),
    (error) => text(`not reached: ${error.cause?.code ?? error.message}`),
  );
}

const answers = {
  initialize: async () => ({
    protocolVersion: '2025-11-25',
    capabilities: { tools: {} },
    serverInfo: { name: 'stdio', version: '1' },
  }),
  'tools/list': async () => ({ tools }),
  'tools/call': call,
};
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const answer = answers[method];
  const body =
    answer === undefined ? { error: { code: -32601, message: 'Method not found' } } : { result: await answer(params) };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...body })}\n`);
}
