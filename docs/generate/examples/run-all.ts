import { exampleFile } from './command.ts';
import { quoted } from './shell.ts';
import type { Step } from './tour.ts';

const head = `#!/usr/bin/env bash
# Runs every example of the API reference against a running platform, as the pages show them.
# Generated from docs/generate/examples by \`npm run docs:pages\`. Do not edit.
set -euo pipefail
cd "$(dirname "\${BASH_SOURCE[0]}")/../.."
: "\${KHIPU_URL:?}" "\${KHIPU_API_KEY:?}"
source docs/examples/tour-functions.sh

`;

function lineOf(step: Step): string {
  if ('call' in step) return step.call;
  const file = exampleFile(step.run);
  const variables = Object.entries(step.as ?? {}).map(([name, value]) => `${name}=${value} `);
  const taken = Object.entries(step.take ?? {}).map(([name, field]) => ` ${name}=${field}`);
  if (taken.length > 0) return `${variables.join('')}take ${file}${taken.join('')}`;
  if (step.shows !== undefined) return `${variables.join('')}until_shows ${file} ${quoted(step.shows)}`;
  return `${variables.join('')}run ${file} >/dev/null`;
}

/** Returns `run-all.sh`: a tour as a script. */
export const runAll = (tour: readonly Step[]): string =>
  `${head}${[...tour.map(lineOf), "echo 'every example ran'"].join('\n')}\n`;
