/**
 * `npm run test:chart`: checks the chart with the programs of Kubernetes: helm lint, helm template, helm-unittest, kubeconform.
 * A program that is absent is a step skipped with the reason; `--required` makes that a failure.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../tests/checks/files.ts';
import { has, must, run } from '../../tests/containers/engine.ts';
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
function step(name: string, lacks: string | undefined, work: () => string): void {
  if (lacks !== undefined) {
    if (isRequired) failed += 1;
    else skipped += 1;
    console.log(`${isRequired ? 'FAILED' : 'skip  '}  ${name}: ${lacks}`);
    return;
  }
  try {
    console.log(`ok      ${name}: ${work()}`);
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

step('helm lint', lacking('helm'), () => {
  for (const set of valueSets) must('helm', ['lint', '--strict', '--quiet', chart, ...cluster, ...valuesOf(set)]);
  return `${valueSets.length} sets of values`;
});

step('helm template', lacking('helm'), () =>
  valueSets.map((set) => `${set.at(-1)} ${render(set).split('\n---').length} objects`).join(', '),
);

step('values that the schema refuses', lacking('helm'), () => {
  const wrong = ['roles.kore.replicas=1', 'kafka.partitions=3', 'settings.KHIPU_SLM_API_KEY=x', 'database.uri=x'];
  for (const set of wrong)
    if (run('helm', ['template', 'khipu', chart, ...cluster, ...valuesOf(['external.yaml']), '--set', set]).ok)
      throw new Error(`${set} was accepted`);
  return wrong.join(', ');
});

step('helm-unittest', lacking('helm-unittest'), () =>
  must('helm-unittest', [chart]).split('\n').slice(-6).join(' ').replace(/\s+/g, ' '),
);

const python = pythonWithSchemas();
step(
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
      return must('kubeconform', ['-strict', '-summary', ...location, ...unchecked, ...files]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

console.log(`${failed === 0 ? 'no failures' : `${failed} failed`}, ${skipped} skipped`);
if (failed > 0) process.exitCode = 1;
