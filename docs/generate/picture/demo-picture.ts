import { demoText } from '../../../infra/bin/demo/demo-text.ts';
import type { DemoReport } from '../../../infra/bin/demo/report.ts';
import { styleOf } from '../../../infra/bin/show/style.ts';
import { svgOf } from './svg.ts';

/** Path of the recorded demo, from the root of the tree. `npm run docs:record` writes it. */
export const recordPath = 'docs/pictures/demo.json';
/** Path of its picture, which is generated with the pages. */
export const picturePath = 'docs/pictures/demo.svg';

const WIDTH = 100;
const coloured = styleOf(process.stdout, { FORCE_COLOR: '1' });

/**
 * Returns the picture of a recorded demo. Only the values are recorded: the words are those of the current code, so the
 * picture changes with them, and a stale one fails `npm run docs:pages -- --check`.
 */
export const demoPicture = (report: DemoReport): string =>
  svgOf(
    `${coloured.strong('$ npm run demo')}\n\n${demoText(report, { style: coloured, width: WIDTH })}`,
    'npm run demo: an allowed and a denied prompt, their records in the log, and the answer of the model',
  );
