import { beside, columnWidths, labelled } from '../show/columns.ts';
import { type Style, table, wrapped } from '../show/style.ts';
import type { JudgedPrompt, RefusedReport } from './report.ts';

/** How to write a text of the demo. */
export interface TextOptions {
  readonly style: Style;
  /** Characters of a line. */
  readonly width: number;
}

/** Share of the allowed prompt in the width: a denial has the longer words. */
const ALLOWED_SHARE = 0.46;

/** Returns text as wrapped lines that stand back. */
export const aside = (text: string, { style, width }: TextOptions): string =>
  wrapped(text, width).split('\n').map(style.dim).join('\n');

/** Returns the parts of one prompt and its decision: verdict, prompt, score, reasons, clauses, answer. */
function partsOf({ prompt, status, decision }: JudgedPrompt, answer: string, { style, width }: TextOptions) {
  const { outcome, score, threshold, reasons, clauses } = decision;
  const sign = score < threshold ? '<' : '≥';
  return [
    [outcome === 'allow' ? style.good('ALLOW') : style.bad('DENY')],
    labelled('>', prompt, width, ' ').map(style.strong),
    labelled('score  ', `${score.toFixed(3)} ${sign} ${threshold.toFixed(3)}`, width),
    labelled('reasons', reasons.join(', '), width),
    labelled('clauses', clauses.join(', ') || 'none', width),
    labelled('answer ', `${status} ${answer}`, width),
  ];
}

/** Returns the features of both decisions as a table: name, weight, and the value of each. */
function featureTable(allowed: JudgedPrompt, refused: JudgedPrompt): string {
  const denied = new Map(refused.features.map(({ name, value }) => [name, value]));
  const rows = allowed.features.map(({ name, weight, value }) => [
    ...[name, weight.toFixed(2), value.toFixed(2)],
    denied.get(name)?.toFixed(2) ?? '–',
  ]);
  const score = ['score', '', allowed.decision.score.toFixed(2), refused.decision.score.toFixed(2)];
  return table([['feature', 'weight', 'allowed', 'denied'], ...rows, score]);
}

/** Returns the two prompts with their decisions side by side, and the explanation of the denial. */
export function decisionsText(allowed: JudgedPrompt, refused: RefusedReport, options: TextOptions): string {
  const { style, width } = options;
  const { version, digest } = allowed.decision.constitution;
  const [leftWidth, rightWidth] = columnWidths(width - 2, ALLOWED_SHARE);
  const left = partsOf(allowed, 'a session and a turn', { style, width: leftWidth });
  const right = partsOf(refused, refused.code, { style, width: rightWidth });
  return [
    style.title('1  One constitution, two prompts'),
    '',
    ...beside(left, right, width - 2, ALLOWED_SHARE).map((line) => `  ${line}`.trimEnd()),
    '',
    aside(refused.detail, options),
    aside(`Both were decided by constitution ${version || 'none'}, sha256 ${digest.slice(0, 16)}…`, options),
  ].join('\n');
}

/** Returns the features of both decisions, with the rule that makes a score of them. */
export const featuresText = (allowed: JudgedPrompt, refused: JudgedPrompt, options: TextOptions): string =>
  [
    aside('The score is the sum of weight × value. A rule that forbids overrides every score.', options),
    '',
    featureTable(allowed, refused),
  ].join('\n');
