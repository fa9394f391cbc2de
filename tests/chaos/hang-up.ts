/**
 * `npm run chaos:hang-up`: the clients of tests/e2e/hang-up.test.ts in its long form, on a real platform. Exit code 1
 * when a token that the provider generated was not metered.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const usage = `Usage: npm run chaos:hang-up -- [--tries 1000]

Clients of the OpenAI API ask for streamed answers, and each hangs up at another byte. Compares the tokens that the
provider generated with those that were metered, and with what each client had received.

  --tries N  clients in all; 30 run at a time
  --help     show this`;

const { values } = parseArgs({ options: { tries: { type: 'string', default: '1000' }, help: { type: 'boolean' } } });
const tries = Number(values.tries);
if (values.help === true) {
  console.log(usage);
} else if (!Number.isInteger(tries) || tries < 1) {
  console.error(`error USAGE: --tries takes a number from 1, not ${values.tries}\n\n${usage}`);
  process.exitCode = 2;
} else {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e'];
  const child = spawn(process.execPath, [...vitest, 'tests/e2e/hang-up.test.ts'], {
    stdio: 'inherit',
    env: { ...process.env, KHIPU_HANG_UP_TRIES: String(tries) },
  });
  child.on('close', (code) => {
    process.exitCode = code ?? 1;
  });
}
