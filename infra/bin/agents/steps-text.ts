import type { Schemas } from '../../client/api.ts';
import type { Style } from '../show/style.ts';

type Run = Schemas['AgentRun'];
type Step = Run['steps_taken'][number];
type Call = Step['calls'][number];

/** Characters of a text in one line. */
const WIDTH = 100;

const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
};
const cents = (cost: string | null): string => (cost === null || Number(cost) === 0 ? '' : `  ${Number(cost)}`);
const labelled = (labels: readonly string[]): string => (labels.length === 0 ? '' : `  [${labels.join(', ')}]`);

/** Returns a call and its result as two lines; a call that has not ended waits for a worker or a person. */
function callLines(call: Call, { dim, strong }: Style, isLast: boolean): string[] {
  const [branch, under] = isLast ? ['└─', '   '] : ['├─', '│  '];
  const title = `${strong(call.tool ?? call.model_name)}(${oneLine(call.arguments)})`;
  const how = call.status === 'asked' ? 'waits' : call.status;
  const why = call.code === null ? (call.result ?? '') : `${call.code}: ${call.detail ?? ''}`;
  const child = call.child_run_id === null ? '' : dim(`  run ${call.child_run_id}`);
  return [
    `  ${branch} ${title}${child}`,
    `  ${under} ${how}${cents(call.cost)}${labelled(call.labels)}${why === '' ? '' : `  ${dim(oneLine(why))}`}`,
  ];
}

function stepLines(step: Step, style: Style): string[] {
  const { dim } = style;
  const tokens = step.tokens === null ? '' : `  ${step.tokens.prompt} + ${step.tokens.completion} tokens`;
  const took = step.latency_ms === null ? '' : `  ${step.latency_ms} ms`;
  const head = `${style.title(`step ${step.step}`)}  ${dim(`${step.model_id ?? step.status}${tokens}${took}${cents(step.cost)}`)}`;
  return [
    `${head}${labelled(step.labels)}`,
    ...(step.text ? [`  ${oneLine(step.text)}`] : []),
    ...step.calls.flatMap((call, nth) => callLines(call, style, nth === step.calls.length - 1)),
    ...(step.rejected === null ? [] : [`  ${dim(`does not fit the schema: ${oneLine(step.rejected)}`)}`]),
  ];
}

/** Returns a run as text: its prompt, each step with its calls, and its end. */
export function stepsText(run: Run, style: Style): string {
  const { dim, strong } = style;
  const used = run.tokens === null ? '' : `, ${run.tokens.prompt} + ${run.tokens.completion} tokens${cents(run.cost)}`;
  const end = run.output ?? (run.code === null ? (run.detail ?? '') : `${run.code}: ${run.detail ?? ''}`);
  return [
    `${strong(run.agent ?? 'agent')}  ${run.status}  ${dim(`${run.run_id}  ${run.steps} steps${used}`)}`,
    ...(run.prompt === null ? [] : [`  ${oneLine(run.prompt)}`]),
    ...run.steps_taken.flatMap((step) => ['', ...stepLines(step, style)]),
    ...(end === '' ? [] : ['', strong(end)]),
  ].join('\n');
}
