import { useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import type { WorkflowDocument } from '../../../../schemas/contexts/workflows/document.ts';
import { edgesOf } from '../../../../schemas/contexts/workflows/tree.ts';
import { api, read, write } from '../api/client.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Chips, Fact, Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { StartWorkflow } from '../parts/start-workflow.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { TaskDefinition } from '../parts/task-definition.tsx';
import { useResource } from '../parts/use-resource.ts';
import { WorkflowGraph } from '../parts/workflow-graph.tsx';
import { may } from '../state/session.ts';
import { count, dateTime, shortId } from '../state/text.ts';
import { planCards, worstText } from '../state/workflow-plan.ts';

type Version = Schemas['TemplateVersion'];
type Refusal = Schemas['WorkflowPlan']['refusals'][number];

/** Versions that are shown; those of a template are at most 200. */
const VERSIONS_SHOWN = 200;

interface TemplateStory {
  readonly template: Schemas['Template'];
  readonly plan: Schemas['WorkflowPlan'];
  readonly versions: readonly Version[];
}

async function readTemplate(name: string, digest: string | null): Promise<TemplateStory> {
  const path = { template: name };
  const query = digest === null ? {} : { sha256: digest };
  const [template, plan, versions] = await Promise.all([
    read(api.GET('/v1/templates/{template}', { params: { path, query } })),
    read(api.GET('/v1/templates/{template}/plan', { params: { path, query } })),
    read(api.GET('/v1/templates/{template}/versions', { params: { path, query: { limit: VERSIONS_SHOWN } } })),
  ]);
  return { template, plan, versions: versions.items };
}

const remove = (name: string) =>
  write((header) => api.DELETE('/v1/templates/{template}', { params: { path: { template: name }, header } }));

const refusalColumns = [
  { head: 'task', cell: ({ at }: Refusal) => (at === '' ? 'the start' : <code>{at}</code>) },
  { head: 'code', cell: ({ code }: Refusal) => <Mark state={code} tone="bad" /> },
  { head: 'why', cell: ({ detail }: Refusal) => detail },
];

/** What the plan knows of one task, with its definition. */
function Task({ story: { template, plan }, at }: { readonly story: TemplateStory; readonly at: string }) {
  const node = plan.nodes.find((each) => each.at === at);
  if (at === '') return <Empty>Press a task to see what it takes and its definition.</Empty>;
  return (
    <>
      {node !== undefined && (
        <dl class="facts">
          <Fact label="asks for">{node.target ?? 'what an expression says'}</Fact>
          <Fact label="runs">
            {node.times_max === null ? 'without a bound' : `at most ${count(node.times_max)} times`}
          </Fact>
          {node.worst !== null && <Fact label="worst case">{worstText(node.worst)}</Fact>}
          {node.needs !== null && (
            <Fact label="takes">
              <Chips items={[node.needs]} />
            </Fact>
          )}
        </dl>
      )}
      <TaskDefinition document={template.document} at={at} />
    </>
  );
}

interface StoryProps {
  readonly story: TemplateStory;
  readonly onVersion: (digest: string) => void;
}

function Story({ story, onVersion }: StoryProps) {
  const { template, plan, versions } = story;
  const { route } = useLocation();
  const document = template.document as WorkflowDocument;
  const columns = [
    { head: 'version', cell: ({ version }: Version) => version },
    {
      head: 'digest',
      cell: ({ digest }: Version) => (
        <button
          type="button"
          class="plain mono"
          aria-pressed={digest === template.digest}
          onClick={() => onVersion(digest)}
        >
          {shortId(digest)}
        </button>
      ),
    },
    { head: 'from', cell: ({ install }: Version) => install ?? 'a document' },
    { head: 'imported by', cell: ({ imported_by: by }: Version) => by },
    { head: 'at', cell: ({ imported_at: at }: Version) => dateTime(at) },
  ];
  return (
    <>
      <Section
        title="Template"
        note={document.document.summary ?? ''}
        actions={
          <>
            {may('jobs:start:workflow.run') && <StartWorkflow template={template.template} digest={template.digest} />}
            {may('workflows:import') && (
              <Confirm
                does="Remove"
                asks={`Remove ${template.template}`}
                isFinal
                send={() => remove(template.template)}
                onDone={() => route('/console/workflows')}
              >
                All its versions are removed. Its runs go on.
              </Confirm>
            )}
          </>
        }
      >
        <dl class="facts">
          <Fact label="version">{template.version}</Fact>
          <Fact label="digest">
            <span class="mono" title={template.digest}>
              {shortId(template.digest)}
            </span>
          </Fact>
          {template.install !== null && <Fact label="from install">{template.install}</Fact>}
          <Fact label="worst case">{worstText(plan.worst)}</Fact>
          <Fact label="takes">
            <Chips items={plan.capabilities} />
          </Fact>
        </dl>
      </Section>
      <Section
        title="Plan"
        note={plan.loops ? 'the longest chain of one pass is stressed' : 'the longest chain is drawn in full'}
      >
        {plan.refusals.length > 0 && (
          <Table
            caption="Would be refused now"
            rows={plan.refusals}
            keyOf={({ at, code }) => `${at} ${code}`}
            columns={refusalColumns}
          />
        )}
        <WorkflowGraph label="Graph of the plan" cards={planCards(document, plan)} edges={edgesOf(document)}>
          {(at) => <Task story={story} at={at} />}
        </WorkflowGraph>
      </Section>
      <Section title="Versions" note="a version never changes">
        <Table caption="Versions" rows={versions} keyOf={({ digest }) => digest} columns={columns} />
      </Section>
    </>
  );
}

/** A template: its plan as a graph before it runs, what it takes at most, what would be refused, and its versions. */
export function WorkflowTemplatePage() {
  const { params } = useRoute();
  const name = params['name'] ?? '';
  const [digest, setDigest] = useState<string | null>(null);
  const story = useResource(`template ${name} ${digest}`, () => readTemplate(name, digest));
  return (
    <Page title={name} lead="What a run of it may do, before it begins.">
      <Loaded of={story} what="the template">
        {(found) => <Story story={found} onVersion={setDigest} />}
      </Loaded>
    </Page>
  );
}
