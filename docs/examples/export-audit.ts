const api = process.env['KHIPU_URL'];
const headers = { authorization: `Bearer ${process.env['KHIPU_API_KEY']}`, 'content-type': 'application/json' };

/** Calls the API. Rejects with the answer of a problem. */
async function call(path: string, options: RequestInit = {}): Promise<Response> {
  const answer = await fetch(`${api}${path}`, { ...options, headers: { ...headers, ...options.headers } });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return answer;
}

const input = { types: ['JobAccepted', 'JobCompleted'], detail: 'full', format: 'ndjson' };
const started = await call('/v1/jobs/start', {
  method: 'POST',
  body: JSON.stringify({ type: 'audit.export', input }),
});
const { result_url } = (await started.json()) as { result_url: string };

let ended = await call(result_url, { headers: { prefer: 'wait=30' } });
while (ended.status === 202) ended = await call(result_url, { headers: { prefer: 'wait=30' } });
const { result } = (await ended.json()) as { result: { file_id: string; records: number; until: string } };
console.log(`${result.records} records until ${result.until}`);

const lines = (await (await call(`/v1/files/${result.file_id}/content`)).text()).split('\n');
for (const line of lines.slice(0, 10)) if (line !== '') console.log((JSON.parse(line) as { summary: string }).summary);
