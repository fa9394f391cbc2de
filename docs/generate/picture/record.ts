/** `npm run docs:record`: runs the demo on the platform of this checkout, and keeps its values for the picture of the README. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoReport } from '../../../infra/bin/demo/report.ts';
import { projectRoot } from '../../../infra/local/home.ts';
import { nodeArgs, program } from '../../../infra/local/roles/roles.ts';
import { demoPicture, picturePath, recordPath } from './demo-picture.ts';

const output = execFileSync(process.execPath, [...nodeArgs, program, 'demo', '--json'], {
  ...{ cwd: projectRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
});
const { allowed, refused } = JSON.parse(output) as DemoReport;
writeFileSync(join(projectRoot, recordPath), `${JSON.stringify({ allowed, refused }, null, 2)}\n`);
writeFileSync(join(projectRoot, picturePath), demoPicture({ allowed, refused }));
console.log(`recorded in ${recordPath}, drawn in ${picturePath}`);
