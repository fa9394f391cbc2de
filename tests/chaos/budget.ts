/**
 * `npm run chaos:budget -- [--requests 5000] [--kills 30]`: the budget race of tests/e2e/governed/budgets.ts in its long
 * form: parallel requests of one tenant against one budget on a real broker, while the deciding and answering processes
 * are killed. Exit code 1 when the budget was overdrawn, a part of it was lost, or a request was refused too early.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const usage = `Usage: npm run chaos:budget -- [--requests 5000] [--kills 30]

  --requests N  parallel requests of one tenant against one budget
  --kills N     how often the deciding process is killed meanwhile
  --help        show this`;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '5000' },
    kills: { type: 'string', default: '30' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e'];
const child = spawn(process.execPath, [...vitest, 'tests/e2e/governed.test.ts', '-t', 'a budget'], {
  stdio: 'inherit',
  env: { ...process.env, KHIPU_RACE_REQUESTS: values.requests, KHIPU_RACE_KILLS: values.kills },
});
child.on('close', (code) => {
  process.exitCode = code ?? 1;
});
