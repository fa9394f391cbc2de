/** Runs one program in the tier `process` and prints its result; tests start it with descriptors of their own, and kill it. */
import { defaultLimits } from '../../infra/sandbox/port.ts';
import { sandboxUid } from '../../infra/sandbox/process/host.ts';
import { planOf, prepare, runPlan } from '../../infra/sandbox/process/run.ts';
import { makeStage } from '../../infra/sandbox/stage.ts';

const [, , code = '', without = ''] = process.argv;
const request = { tier: 'process', program: { language: 'python', code } } as const;
const limits = { ...defaultLimits, wallMs: 60_000 };
const stage = await makeStage(sandboxUid());
const whole = planOf(request, limits, await prepare(request, stage));
const plan = {
  ...whole,
  closesDescriptors: without !== 'descriptors',
  bubblewrap: whole.bubblewrap.filter((each) => without !== 'parent' || each !== '--die-with-parent'),
};
const result = await runPlan(plan, request, limits, stage);
await stage.remove();
console.log(JSON.stringify(result));
