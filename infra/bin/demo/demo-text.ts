import { answerText } from './answer.ts';
import { decisionsText, featuresText, type TextOptions } from './decisions.ts';
import { recordsText } from './records.ts';
import type { DemoReport } from './report.ts';

/** Maximum length of a line, also on a wider terminal. */
const WIDTH_MAX = 100;

/** Returns the length of a line on a stream. */
export const widthOf = ({ columns = WIDTH_MAX }: Pick<NodeJS.WriteStream, 'columns'>): number =>
  Math.min(columns, WIDTH_MAX);

/** Returns the whole text of a demo, as `khipu demo` writes it step by step. */
export const demoText = ({ allowed, refused }: DemoReport, options: TextOptions): string =>
  [
    decisionsText(allowed, refused, options),
    featuresText(allowed, refused, options),
    recordsText(allowed, refused, options),
    answerText(allowed, options),
  ].join('\n\n');
