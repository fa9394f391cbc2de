/**
 * `npm run bench:turn`: measures a turn from outside with both Kafka clients and, in the same run, three durable steps of
 * Restate. A figure that fails is reported and does not discard the others; the exit code is then 1. Missed aims do not
 * fail the run.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, messageOf } from '../../infra/kit/errors.ts';
import { asMarkdown, asText, type Outcome, type Report } from './runtime/report.ts';
import type { TurnFigure } from './turn/figure.ts';
import { localModel } from './turn/local-model.ts';
import { parseOptions, type TurnOptions, usage } from './turn/options.ts';
import { scale } from './turn/scale.ts';
import { sides } from './turn/sides.ts';

const figures: readonly TurnFigure[] = [sides, scale, localModel];

function optionsOf(args: readonly string[]): TurnOptions {
  try {
    return parseOptions(args, figures);
  } catch (error) {
    console.error(`error ${codeOf(error)}: ${messageOf(error)}\n\n${usage(figures)}`);
    process.exit(2);
  }
}

const { sizes, parts, clients, settings, form, out, help } = optionsOf(process.argv.slice(2));
if (help) {
  console.log(usage(figures));
  process.exit(0);
}

const began = performance.now();
const note = (text: string): void =>
  console.error(`${((performance.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${text}`);
const command = ['npm run bench:turn', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ');
const outcomes: Outcome[] = [];
const report = (): Report => ({ date: new Date().toISOString(), command, sizes, outcomes });

/** Saves after each figure, so that an interrupted run keeps its measurements. */
function save(dir: string): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'turn.json'), `${JSON.stringify(report(), null, 2)}\n`);
  writeFileSync(join(dir, 'turn.md'), `${asMarkdown(report())}\n`);
}

for (const figure of figures) {
  const chosen = Object.keys(figure.parts).filter((part) => parts.has(part));
  if (chosen.length === 0) continue;
  const start = performance.now();
  const done = (rows: Outcome['rows'], failure: string | null): number =>
    outcomes.push({ figure: chosen.join(', '), seconds: (performance.now() - start) / 1_000, rows, failure });
  note(chosen.join(', '));
  try {
    done(await figure.run({ sizes, parts, clients, settings, note: (text) => note(`  ${text}`) }), null);
  } catch (error) {
    console.error(error);
    done([], messageOf(error));
  }
  if (out !== undefined) save(out);
}
console.log({ json: JSON.stringify(report()), markdown: asMarkdown(report()), text: asText(report()) }[form]);
process.exit(outcomes.some(({ failure }) => failure !== null) ? 1 : 0);
