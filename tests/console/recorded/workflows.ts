import type { Schemas } from '../../../infra/client/api.ts';
import { readWorkflow } from '../../../infra/jobs/workflows/document.ts';
import { graphOf, type RunStep, usedBy } from '../../../infra/jobs/workflows/graph.ts';
import { planOf } from '../../../infra/jobs/workflows/plan.ts';
import { worstOf } from '../../../infra/jobs/workflows/worst.ts';
import { edgesOf } from '../../../schemas/contexts/workflows/tree.ts';

/** A run that gathers five sources, has two answers at once, and waits for a review of what it is about to publish. */
export const { document: brief, digest: briefDigest } = readWorkflow(`
document:
  dsl: '1.0.3'
  namespace: examples
  name: publish-brief
  version: '1.1.0'
  summary: Reads sources, writes a brief, and publishes what a person has read
  metadata: { budget: { calls: 60, tokens: 60000, cost: '0.80' } }
do:
  - gather:
      for: { each: source, in: .sources }
      metadata: { parallel: 5, budget: { calls: 20, tokens: 20000, cost: '0.20' } }
      do:
        - read:
            try:
              - fetch: { call: web.read, with: { url: '\${ $source }' } }
            catch:
              retry: { limit: { attempt: { count: 2 } } }
              do:
                - without: { set: { text: '' } }
  - write:
      fork:
        branches:
          - facts: { call: agent, with: { prompt: List what is known, agent: researcher }, metadata: { budget: { calls: 4 } } }
          - style: { call: model, with: { prompt: In which tone?, max_tokens: 80 } }
  - judge:
      switch:
        - good: { when: .good, then: publish }
        - again: { when: .retry, then: gather }
  - publish:
      call: publish
      with: { text: '\${ .text }' }
      metadata: { review: true, budget: { calls: 1, cost: '0.10' } }
  - tell: { call: mail, with: { to: team@example.com } }
`);

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 10, 0, second)).toISOString();
const step = (name: string, more: Partial<RunStep> = {}): RunStep => ({
  ...{ path: '', name, kind: 'tool', status: 'completed', attempts: 1, code: null },
  ...{ started_at: at(0), ended_at: at(2), ...more },
});

const FETCH = 'do.0.gather.do.0.read.try.0.fetch';
const answer = (prompt: number, completion: number, cost: string) => ({ tokens: { prompt, completion }, cost });
export const reviewId = '9f86d081884c7d659a2feaa0c55ad015';
const toReview = { text: 'The khipu of Laramate has 1,500 cords.' };

const steps: readonly RunStep[] = [
  ...[1, 2, 3].map((second) => step(FETCH, { ended_at: at(second) })),
  step(FETCH, { attempts: 2, ended_at: at(6) }),
  step(FETCH, { status: 'failed', code: 'TOOL_TIMED_OUT', attempts: 2, ended_at: at(9) }),
  step('do.1.write.fork.branches.0.facts', {
    ...{ kind: 'agent', started_at: at(9), ended_at: at(31), output: answer(2_400, 310, '0.004100000') },
  }),
  step('do.1.write.fork.branches.1.style', {
    ...{ kind: 'model', started_at: at(9), ended_at: at(11), output: answer(220, 64, '0.000300000') },
  }),
  step('do.3.publish.review', {
    ...{ kind: 'step', started_at: at(31), ended_at: at(31), output: { review_id: reviewId, input: toReview } },
  }),
  step(`review.${reviewId}`, { kind: 'signal', status: 'waiting', started_at: at(31), ended_at: null }),
];

export const workflowRunId = '7d1c5e90-3f4a-5b6c-8d7e-9f0a1b2c3d4e';
export const template = 'examples.publish-brief';

const summary: Schemas['WorkflowRunSummary'] = {
  ...{ run_id: workflowRunId, template, status: 'waiting', code: null, created_at: at(0), ended_at: null },
};

/** Returns the run as it is after these steps. */
const runAfter = (taken: readonly RunStep[]): Schemas['WorkflowRun'] => ({
  ...summary,
  document: brief,
  nodes: graphOf(brief, taken).map(({ reviews, budget, ...node }) => ({ ...node, budget, reviews: [...reviews] })),
  edges: [...edgesOf(brief)],
  ...{ used: usedBy(taken), steps_shown: taken.length },
});

export const workflowRun = runAfter(steps);
/** The same run once its review was approved. */
export const reviewedRun: Schemas['WorkflowRun'] = {
  ...runAfter([
    ...steps.slice(0, -1),
    step('do.3.publish', { started_at: at(40), ended_at: at(41) }),
    step('do.4.tell', { started_at: at(41), ended_at: at(42) }),
  ]),
  ...{ status: 'completed', ended_at: at(42) },
};

export const workflowRunPage: Schemas['WorkflowRunPage'] = {
  items: [
    summary,
    {
      ...{ run_id: '11111111-3f4a-5b6c-8d7e-9f0a1b2c3d4e', template: null, status: 'failed' },
      ...{ code: 'WORKFLOW_BUDGET_EXCEEDED', created_at: at(0), ended_at: at(12) },
    },
  ],
  next_cursor: null,
};

const version: Schemas['TemplateVersion'] = {
  ...{ template, version: '1.1.0', digest: briefDigest, install: null, imported_by: 'user:ana', imported_at: at(0) },
};
const earlier: Schemas['TemplateVersion'] = {
  ...{ ...version, version: '1.0.0', digest: briefDigest.replace(/^./, '0'), install: 'publish-brief' },
};

export const templatePage: Schemas['TemplatePage'] = {
  items: [{ template, version: '1.1.0', digest: briefDigest, imported_by: 'user:ana', changed_at: at(0) }],
  next_cursor: null,
};
export const templateBody: Schemas['Template'] = { ...version, document: brief };
export const templateVersionPage: Schemas['TemplateVersionPage'] = { items: [version, earlier], next_cursor: null };

const { nodes, criticalPath, capabilities, open, loops, digest } = planOf(brief, briefDigest);
const facts = { prices: { models: { default: '1' }, otherwise: '2' }, toolCost: () => '0.01' };
const { total, tasks } = worstOf(brief, facts);

export const templatePlan: Schemas['WorkflowPlan'] = {
  ...{ template, version: '1.1.0', digest, loops, open: [...open], capabilities: [...capabilities] },
  ...{ critical_path: [...criticalPath], worst: total },
  nodes: nodes.map(({ timesMax: times_max, ...node }) => ({ ...node, times_max, worst: tasks.get(node.at) ?? null })),
  refusals: [{ at: '/do/4/tell', code: 'TOOL_UNKNOWN', detail: 'There is no tool mail.' }],
};
