import { wrapped } from '../show/style.ts';
import { aside, type TextOptions } from './decisions.ts';
import type { AllowedReport, Usage } from './report.ts';

const yours = 'your own: KHIPU_SLM_PROVIDER=openai KHIPU_SLM_BASE_URL=<url>';

/** Returns what an answer of this provider is worth, for providers that come with the platform. */
function labelOf({ model_id: model, provider }: Usage): string {
  if (provider === 'local') return `${model} on one thread: shows the path, not facts; ${yours}`;
  if (provider === 'deterministic') return `${model} is no model: its text is derived from the prompt; ${yours}`;
  return `${model} (${provider})`;
}

/** Returns a decimal without the zeros at its end. */
const short = (decimal: string): string => (decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal);

/** Returns the cost with the price that it was computed from. */
function costOf({ cost, currency, prompt, completion }: Usage): string {
  if (Number(cost) === 0) return `free of charge`;
  const price = ((Number(cost) * 1e6) / (prompt + completion)).toFixed(2);
  return `${short(cost)} ${currency} at ${price} ${currency} per million tokens`;
}

/** Returns the answer of the model, what it is worth, and what it used. */
export function answerText({ answer, usage, ...ms }: AllowedReport, options: TextOptions): string {
  const { style, width } = options;
  const used = usage === null ? [] : [labelOf(usage), `${usage.prompt} + ${usage.completion} tokens, ${costOf(usage)}`];
  const times = `first token after ${ms.first_token_ms} ms, the whole answer after ${ms.answer_ms} ms`;
  const lines = answer.split('\n').flatMap((line) => wrapped(line, width).split('\n'));
  return [
    style.title('3  The answer of the model'),
    '',
    ...lines.map(style.strong),
    '',
    ...[...used, times].map((text) => aside(text, options)),
  ].join('\n');
}
