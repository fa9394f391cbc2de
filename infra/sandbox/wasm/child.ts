/** The child process of an interpreter: one program, then it ends. It runs in a sandbox as well where there is one. */
import { text } from 'node:stream/consumers';
import type { Job } from './protocol.ts';

const job = JSON.parse(await text(process.stdin)) as Job;
const answer =
  job.language === 'javascript'
    ? await (await import('./javascript.ts')).runJavaScript(job)
    : await (await import('./python.ts')).runPython(job);
process.stdout.write(JSON.stringify(answer), () => process.exit(0));
