/**
 * `npm run test:deploy`: checks what is deployed with the programs of others: the chart by helm lint, helm template, helm-unittest
 * and kubeconform, the Dockerfile by hadolint, the workflows by actionlint and zizmor, and all objects by a real API server. A
 * program that is absent is a step skipped with the reason; `--required` makes that a failure, except for the API server.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../checks/files.ts';
import { has, must, run } from '../containers/engine.ts';
import { applied, programsOfApiServer } from './api-server.ts';
import { KUBERNETES, pythonWithSchemas, schemas } from './schemas.ts';

const chart = join(projectRoot, 'helm/khipu');
const examples = join(projectRoot, 'helm/examples');
const isRequired = process.argv.includes('--required');

/** Sets of values: each example alone, and each region on top of the external parts. */
export const valueSets: readonly (readonly string[])[] = readdirSync(examples)
  .filter((file) => file.endsWith('.yaml'))
  .sort()
  .map((file) => (file.startsWith('region-') ? ['external.yaml', file] : [file]));

let failed = 0;
let skipped = 0;

/** Runs a step where its programs are; prints its result. */
async function step(
  name: string,
  lacks: string | undefined,
  work: () => string | Promise<string>,
  mayBeAbsent = false,
): Promise<void> {
  if (lacks !== undefined) {
    const isFailure = isRequired && !mayBeAbsent;
    if (isFailure) failed += 1;
    else skipped += 1;
    console.log(`${isFailure ? 'FAILED' : 'skip  '}  ${name}: ${lacks}`);
    return;
  }
  try {
    console.log(`ok      ${name}: ${await work()}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}: ${(error as Error).message}`);
  }
}

const lacking = (...programs: readonly string[]): string | undefined => {
  const absent = programs.filter((each) => !has(each));
  return absent.length === 0 ? undefined : `${absent.join(', ')} not installed`;
};

const valuesOf = (set: readonly string[]): string[] => set.flatMap((file) => ['--values', join(examples, file)]);
// A build of helm from source reports the API of an old cluster.
const cluster = ['--kube-version', KUBERNETES];
const render = (set: readonly string[]): string =>
  must('helm', ['template', 'khipu', chart, '--namespace', 'khipu', ...cluster, ...valuesOf(set)]);

await step('helm lint', lacking('helm'), () => {
  for (const set of valueSets) must('helm', ['lint', '--strict', '--quiet', chart, ...cluster, ...valuesOf(set)]);
  return `${valueSets.length} sets of values`;
});

await step('helm template', lacking('helm'), () =>
  valueSets.map((set) => `${set.at(-1)} ${render(set).split('\n---').length} objects`).join(', '),
);

await step('values that the schema refuses', lacking('helm'), () => {
  const wrong = ['roles.kore.replicas=1', 'kafka.partitions=3', 'settings.KHIPU_SLM_API_KEY=x', 'database.uri=x'];
  for (const set of wrong)
    if (run('helm', ['template', 'khipu', chart, ...cluster, ...valuesOf(['external.yaml']), '--set', set]).ok)
      throw new Error(`${set} was accepted`);
  return wrong.join(', ');
});

await step('helm-unittest', lacking('helm-unittest'), () =>
  must('helm-unittest', [chart]).split('\n').slice(-6).join(' ').replace(/\s+/g, ' '),
);

/** A misspelt field of a Deployment, and a wrong type in a custom resource: a check that finds neither checks nothing. */
const planted = [
  ['imagePullPolicy:', 'imagPullPolicy:'],
  ['pollingInterval: 15', 'pollingInterval: often'],
] as const;

const python = pythonWithSchemas();
await step(
  `kubeconform, Kubernetes ${KUBERNETES} and custom resources`,
  lacking('helm', 'kubeconform', 'go') ??
    (python === undefined ? 'the Python package kubernetes-validate is not installed' : undefined),
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'khipu-chart-'));
    try {
      const files = valueSets.map((set) => {
        const path = join(folder, `${set.at(-1)}`);
        writeFileSync(path, render(set));
        return path;
      });
      const location = ['-schema-location', schemas(python ?? '')];
      // The CRDs of Strimzi and CloudNativePG are in no registry of packages: their fields are checked by helm-unittest alone.
      const unchecked = ['-skip', 'KafkaUser,Kafka,KafkaNodePool,Cluster'];
      const check = ['-strict', '-summary', ...location, ...unchecked];
      const wrong = join(folder, 'wrong.yaml');
      for (const [from, to] of planted) {
        const text = render(['strimzi.yaml']);
        if (!text.includes(from)) throw new Error(`the chart renders no ${from}`);
        writeFileSync(wrong, text.replace(from, to));
        if (run('kubeconform', [...check, wrong]).ok) throw new Error(`${to} was accepted`);
      }
      return must('kubeconform', [...check, ...files]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

await step(
  'a real API server, server-side',
  lacking('helm', 'go', ...programsOfApiServer),
  async () => `${await applied(valueSets.map(render))} objects applied without a warning`,
  true,
);

await step('hadolint', lacking('hadolint'), () => {
  must('hadolint', ['Dockerfile']);
  return 'Dockerfile';
});

await step('actionlint', lacking('actionlint'), () => {
  must('actionlint', []);
  return '.github/workflows';
});

await step('zizmor', lacking('zizmor'), () => {
  must('zizmor', ['--offline', '--persona=pedantic', '--min-severity=low', '.github/workflows']);
  return '.github/workflows';
});

console.log(`${failed === 0 ? 'no failures' : `${failed} failed`}, ${skipped} skipped`);
if (failed > 0) process.exitCode = 1;
