import type { Schemas } from '../../../../infra/client/api.ts';
import type { WorkflowDocument } from '../../../../schemas/contexts/workflows/document.ts';
import { tasksOf } from '../../../../schemas/contexts/workflows/tree.ts';
import { amount, count } from './text.ts';
import type { TaskCard } from './workflow-run.ts';

type Plan = Schemas['WorkflowPlan'];
type Worst = Schemas['WorkflowWorstCase'];

/** Returns a worst case, in one line: `at most 3 calls, 6,000 tokens, cost 0.006`, and what has no bound. */
export function worstText({ calls, tokens, cost }: Worst): string {
  const known = [
    ...(calls === null ? [] : [`${count(calls)} ${calls === 1 ? 'call' : 'calls'}`]),
    ...(tokens === null || tokens === 0 ? [] : [`${count(tokens)} tokens`]),
    ...(cost === null || Number(cost) === 0 ? [] : [`cost ${amount(cost)}`]),
  ];
  const open = Object.entries({ calls, tokens, cost }).flatMap(([name, most]) => (most === null ? [name] : []));
  return [
    ...(known.length === 0 ? [] : [`at most ${known.join(', ')}`]),
    ...(open.length === 0 ? [] : [`no bound for ${open.join(', ')}`]),
  ].join('; ');
}

/** Returns the cards of a document with what its plan knows: the longest chain is stressed, and what would be refused is marked. */
export function planCards(
  document: Pick<WorkflowDocument, 'do'>,
  plan: Pick<Plan, 'nodes' | 'critical_path' | 'refusals'>,
): readonly TaskCard[] {
  const planned = new Map(plan.nodes.map((node) => [node.at, node]));
  const path = new Set(plan.critical_path);
  const refused = new Map(plan.refusals.map(({ at, code }) => [at, code]));
  return tasksOf(document).map(({ at, name, kind, task }) => {
    const node = planned.get(at);
    const code = refused.get(at);
    const parts = [
      ...(code === undefined ? [] : [code]),
      ...(node?.target == null ? [] : [node.target]),
      ...(node === undefined || node.times_max === 1
        ? []
        : [node.times_max === null ? 'no bound' : `${count(node.times_max)} times`]),
      ...(task.metadata?.review === true ? ['review'] : []),
    ];
    return {
      ...{ at, name, kind, state: code === undefined ? '' : 'refused', remark: parts.join(' · '), share: null },
      isStressed: path.has(at) || plan.critical_path.some((each) => each.startsWith(`${at}/`)),
    };
  });
}
