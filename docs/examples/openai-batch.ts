import OpenAI, { toFile } from 'openai';

const client = new OpenAI({ baseURL: `${process.env['KHIPU_URL']}/v1`, apiKey: process.env['KHIPU_API_KEY'] });

const questions = ['What is a khipu?', 'Who tied the knots?', 'What does a red cord say?'];
const lines = questions.map((content, at) =>
  JSON.stringify({
    custom_id: `question-${at + 1}`,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'default', messages: [{ role: 'user', content }], max_tokens: 40 },
  }),
);

const input = await client.files.create({
  file: await toFile(Buffer.from(`${lines.join('\n')}\n`), 'questions.jsonl'),
  purpose: 'batch',
});
const { id } = await client.batches.create({
  input_file_id: input.id,
  endpoint: '/v1/chat/completions',
  completion_window: '24h',
});

let batch = await client.batches.retrieve(id);
while (batch.status === 'validating' || batch.status === 'in_progress') {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  batch = await client.batches.retrieve(id);
}
console.log(batch.status, batch.request_counts);
for (const file of [batch.output_file_id, batch.error_file_id])
  if (file) console.log(await (await client.files.content(file)).text());
