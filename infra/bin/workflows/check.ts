import { planOf, type WorkflowPlan } from '../../jobs/workflows/plan.ts';
import { print } from '../show/print.ts';
import { workflowIn } from './read.ts';

interface Options {
  readonly json?: true;
}

/** Prints the name and the digest of a document that runs support. Rejects with the code of its first problem. */
export async function checkWorkflow(file: string, { json }: Options): Promise<void> {
  const { document, digest } = workflowIn(file);
  const { namespace, name, version } = document.document;
  print(json, { namespace, name, version, digest }, () => [`${namespace}/${name} ${version}: supported`, digest]);
}

/** Prints the plan of a document. Rejects as `checkWorkflow`. */
export async function planWorkflow(file: string, { json }: Options): Promise<void> {
  const { document, digest } = workflowIn(file);
  const plan = planOf(document, digest);
  print(json, plan, () => planText(plan));
}

/** Returns a plan for people. */
export function planText({ name, version, digest, nodes, capabilities, criticalPath, open, loops }: WorkflowPlan) {
  const critical = new Set(criticalPath);
  return [
    `${name} ${version}, ${digest.slice(0, 12)}`,
    ...nodes.map(({ at, kind, target, timesMax }) => {
      const times = timesMax === null ? 'no bound of its own' : `at most ${timesMax}×`;
      return `${critical.has(at) ? '*' : ' '} ${at}  ${kind}${target === null ? '' : ` ${target}`}, ${times}`;
    }),
    `longest chain: ${criticalPath.length} nodes (*)${loops ? ', of one pass: a task leads back' : ''}`,
    'capabilities:',
    ...capabilities.map((each) => `  ${each}`),
    ...(open.length === 0 ? [] : [`known at the run only: ${open.join(', ')}`]),
  ];
}
