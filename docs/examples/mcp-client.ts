import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const url = new URL('/mcp', process.env['KHIPU_URL'] ?? 'http://localhost:8080');
const headers = { authorization: `Bearer ${process.env['KHIPU_API_KEY']}` };

const client = new Client({ name: 'my-agent', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));

const { tools } = await client.listTools();
const called = await client.callTool({ name: 'weather', arguments: { city: 'Cusco' } });
const refused = await client.callTool({ name: 'weather', arguments: { town: 'Cusco' } });
const problem = refused._meta?.['khipu/problem'] as { readonly code: string };

console.log(
  JSON.stringify({
    protocol: client.getNegotiatedProtocolVersion(),
    tools: tools.map(({ name }) => name),
    output: called.structuredContent,
    refused: [refused.isError, problem.code],
  }),
);
await client.close();
