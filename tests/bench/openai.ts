/**
 * `npm run bench:openai`: latency to the first token through `POST /v1/chat/completions`, beside the same provider asked
 * directly and `POST → first SSE event` of a turn, in the same run and in turn. Missed aims do not fail the run.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startOpenAiTestServer } from '../../infra/models/testing/openai-server.ts';
import { startTestPlatform } from '../support/platform.ts';
import { addedAim, rowsOf, type Samples } from './openai/added.ts';
import { firstTokenMs } from './openai/first-token.ts';
import { timeTurn } from './turn/timed-turn.ts';

const usage = `Usage: npm run bench:openai -- [--samples 200] [--warm-up 50] [--client kafkajs] [--out dir] [--json]

Measures the time to the first token of an OpenAI-compatible server: asked directly, and through the gateway. Beside
it, POST → first SSE event of a turn on the same platform. One request at a time, alternating.

  --samples N    requests of each kind
  --warm-up N    requests of each kind before them, not measured
  --client name  Kafka client of the platform: kafkajs or platformatic
  --out dir      write openai.json and openai.md there
  --json         print JSON
  --quick        5 samples: shows that everything works, and measures nothing
  --help         show this`;

const { values } = parseArgs({
  options: {
    samples: { type: 'string' },
    'warm-up': { type: 'string' },
    client: { type: 'string', default: 'kafkajs' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function count(given: string | undefined, fallback: number): number {
  const number = Number(given ?? fallback);
  if (Number.isInteger(number) && number > 0) return number;
  console.error(`error USAGE: expected a number from 1, got ${given}\n\n${usage}`);
  process.exit(2);
}

const MODEL = 'bench-model';
const QUESTION = 'What is a khipu?';

async function measure(samples: number, warmUp: number): Promise<Samples> {
  const provider = await startOpenAiTestServer();
  try {
    const platform = await startTestPlatform({
      provider: 'openai',
      env: {
        ...{ KHIPU_SLM_BASE_URL: provider.baseUrl, KHIPU_SLM_MODEL: MODEL, KHIPU_KAFKA_CLIENT: values.client },
        KHIPU_RATE_LIMIT_PER_MINUTE: '1000000',
      },
    });
    const found: { [kind in keyof Samples]: number[] } = { direct: [], gateway: [], turn: [] };
    try {
      for (let n = -warmUp; n < samples; n += 1) {
        const direct = await firstTokenMs(provider.baseUrl, 'none', { model: MODEL, content: QUESTION });
        const gateway = await firstTokenMs(`${platform.url}/v1`, platform.apiKey, { model: MODEL, content: QUESTION });
        const { firstEventMs } = await timeTurn(platform);
        if (n < 0) continue;
        found.direct.push(direct);
        found.gateway.push(gateway);
        found.turn.push(firstEventMs);
      }
    } finally {
      await platform.stop();
    }
    return found;
  } finally {
    await provider.close();
  }
}

if (values.help) {
  console.log(usage);
  process.exit(0);
}
const samples = count(values.samples, values.quick ? 5 : 200);
const warmUp = count(values['warm-up'], values.quick ? 2 : 50);
const measured = await measure(samples, warmUp);
const report = {
  date: new Date().toISOString(),
  client: values.client,
  samples,
  rows: rowsOf(measured),
  aim: addedAim(measured),
};
const { addedMs, boundMs, isMet } = report.aim;
const markdown = [
  '| First token | p50, ms | p95, ms | p99, ms |',
  '|---|---|---|---|',
  ...report.rows.map(
    ({ what, p50, p95, p99 }) => `| ${[what, ...[p50, p95, p99].map((ms) => ms.toFixed(1))].join(' | ')} |`,
  ),
  '',
  `Added by the gateway at p50: ${addedMs.toFixed(1)} ms; aim: at most ${boundMs.toFixed(1)} ms; ${isMet ? 'met' : 'missed'}.`,
].join('\n');
if (values.out !== undefined) {
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, 'openai.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(values.out, 'openai.md'), `${markdown}\n`);
}
console.log(values.json ? JSON.stringify(report) : markdown);
process.exit(0);
