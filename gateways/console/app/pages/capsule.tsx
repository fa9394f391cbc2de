import { useRoute } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { INSTALL_CAPSULES } from '../../../../schemas/contexts/capsules/upgrades.ts';
import { capsuleIdOf, PUBLISH_CAPSULES, revokeCapability } from '../../../../schemas/contexts/capsules.ts';
import { edgesOf, tasksOf } from '../../../../schemas/contexts/workflows/tree.ts';
import { readCapsule, readVersions } from '../api/capsules.ts';
import { api, read, write } from '../api/client.ts';
import { Command } from '../parts/command.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Decide, type Outcome } from '../parts/decide.tsx';
import { InstallCapsule } from '../parts/install-capsule.tsx';
import { Json } from '../parts/json.tsx';
import { Chips, Fact, Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { TaskDefinition } from '../parts/task-definition.tsx';
import { useResource } from '../parts/use-resource.ts';
import { WorkflowGraph } from '../parts/workflow-graph.tsx';
import {
  asksOf,
  capsulePage,
  type Manifest,
  manifestOf,
  notReviewable,
  priceText,
  statementIn,
} from '../state/capsules.ts';
import { may, principal, tenantId } from '../state/session.ts';
import { amount, count, dateTime, duration, shortId } from '../state/text.ts';
import { planCards } from '../state/workflow-plan.ts';

type Capsule = Schemas['Capsule'];
type Summary = Schemas['CapsuleSummary'];
type Attestation = Schemas['CapsuleAttestation'];

/** A capsule changes by what people do: its versions in every state are not read each second. */
const EVERY_MS = 15_000;
/** Statements of a capsule are at most as many, and some of its archive. */
const STATEMENTS_MAX = 50;
const PATH = '/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}';

interface CapsuleStory {
  readonly capsule: Capsule;
  readonly versions: readonly Summary[];
  readonly attestations: readonly Attestation[];
}

/** Path parameters of a capsule. */
const pathOf = ({ publisher, name, version }: Pick<Capsule, 'publisher' | 'name' | 'version'>) => ({
  ...{ publisher, capsule: name, capsule_version: version },
});

async function readStory(of: Pick<Capsule, 'publisher' | 'name' | 'version'>): Promise<CapsuleStory> {
  const params = { path: pathOf(of), query: { limit: STATEMENTS_MAX } };
  const { publisher: tenant, name, version } = of;
  const [capsule, versions, attestations] = await Promise.all([
    read(readCapsule(capsuleIdOf({ tenant, name, version }))),
    readVersions(of),
    read(api.GET(`${PATH}/attestations`, { params })),
  ]);
  return { capsule, versions, attestations: attestations.items };
}

const review = (capsule: Capsule) => (outcome: Outcome, note: string) =>
  write((header) =>
    api.POST(`${PATH}/reviews`, {
      params: { path: pathOf(capsule), header },
      body: { digest: capsule.digest, outcome, note },
    }),
  );
const yank = (capsule: Capsule) => write((header) => api.DELETE(PATH, { params: { path: pathOf(capsule), header } }));
const revoke = (capsule: Capsule, reason: string) =>
  write((header) => api.POST(`${PATH}/revocation`, { params: { path: pathOf(capsule), header }, body: { reason } }));

interface CapsuleProps {
  readonly capsule: Capsule;
  readonly onChanged: () => void;
}

/** The commands that the capsule takes from the caller in its state. */
function Actions({ capsule, onChanged }: CapsuleProps) {
  const { status, publisher } = capsule;
  const isReviewable = notReviewable(capsule, { principal: principal(), may }) === null;
  return (
    <>
      {isReviewable &&
        (['approve', 'reject'] as const).map((outcome) => (
          <Decide key={outcome} outcome={outcome} what={capsule.name} send={review(capsule)} onDone={onChanged} />
        ))}
      {status === 'listed' && may(INSTALL_CAPSULES) && <InstallCapsule capsule={capsule} />}
      {status === 'listed' && publisher === tenantId() && may(PUBLISH_CAPSULES) && (
        <Confirm does="Yank" asks={`Yank ${capsule.capsule}`} send={() => yank(capsule)} onDone={onChanged}>
          Tenants cannot install it any more. Its installs go on.
        </Confirm>
      )}
      {(status === 'listed' || status === 'yanked') && may(revokeCapability(publisher)) && (
        <Command
          does="Revoke"
          asks={`Stop ${capsule.capsule} in every install`}
          isFinal
          send={(reason) => revoke(capsule, reason)}
          onDone={onChanged}
        />
      )}
    </>
  );
}

function Facts({ capsule }: { readonly capsule: Capsule }) {
  const { status, price, license, digest, required, reviews, published_by: by, changed_at: at } = capsule;
  const approvals = reviews.filter(({ outcome }) => outcome === 'approve').length;
  return (
    <dl class="facts">
      <Fact label="state">
        <Mark state={status} />
      </Fact>
      <Fact label="price">{priceText(price)}</Fact>
      <Fact label="license">{license}</Fact>
      <Fact label="published by">{by}</Fact>
      <Fact label="approvals">
        {count(approvals)} of {count(required)}
      </Fact>
      {at !== null && <Fact label="changed">{dateTime(at)}</Fact>}
      <Fact label="digest">
        <span class="mono" title={digest}>
          {shortId(digest)}
        </span>
      </Fact>
      {reviews.map(({ principal: who, outcome }) => (
        <Fact key={who} label={`review of ${who}`}>
          <Mark state={outcome} />
        </Fact>
      ))}
    </dl>
  );
}

const versionColumns = [
  { head: 'version', cell: ({ capsule, version }: Summary) => <a href={capsulePage(capsule)}>{version}</a> },
  { head: 'state', cell: ({ status }: Summary) => <Mark state={status} /> },
  { head: 'price', cell: ({ price }: Summary) => priceText(price) },
  {
    head: 'digest',
    cell: ({ digest }: Summary) => (
      <span class="mono" title={digest}>
        {shortId(digest)}
      </span>
    ),
  },
  { head: 'changed', cell: ({ changed_at: at }: Summary) => (at === null ? '' : dateTime(at)) },
];

/** What runs: the agent with its limits and tools, and what the capsule asks for. */
function Job({ capsule, manifest }: { readonly capsule: Capsule; readonly manifest: Manifest }) {
  const { agent, tools } = manifest;
  const { steps, tokens, cost, wall_ms: wallMs } = agent.limits;
  const asks = asksOf(capsule);
  return (
    <Section title="What it may do" note="a tenant grants some of what it asks for">
      <dl class="facts">
        <Fact label="agent">{agent.name}</Fact>
        <Fact label="model">{agent.model ?? 'the default'}</Fact>
        <Fact label="at most">
          {count(steps)} steps, {count(tokens)} tokens, {duration(wallMs)}
          {cost !== null && `, cost ${amount(cost)}`}
        </Fact>
        <Fact label="asks for, and needs">
          <Chips items={asks.filter(({ isNeeded }) => isNeeded).map(({ capability }) => capability)} tone="warn" />
        </Fact>
        {asks.some(({ isNeeded }) => !isNeeded) && (
          <Fact label="asks for besides">
            <Chips items={asks.filter(({ isNeeded }) => !isNeeded).map(({ capability }) => capability)} />
          </Fact>
        )}
        {tools.length > 0 && (
          <Fact label="tools">
            <Chips items={tools.map(({ name, digest }) => (digest === null ? name : `${name} ${shortId(digest)}`))} />
          </Fact>
        )}
      </dl>
      <h3>Instructions</h3>
      <p class="run-text">{agent.instructions}</p>
      <h3>Task</h3>
      <p class="run-text">{agent.prompt}</p>
    </Section>
  );
}

/** The workflow of a capsule, which an installing tenant may import as a template. */
function Workflow({ workflow }: Pick<Manifest, 'workflow'>) {
  if (workflow === undefined) return null;
  const all = tasksOf(workflow).map(({ at }) => at);
  return (
    <Section title="Workflow" note="an install of it can be imported as a template">
      <WorkflowGraph
        label="Graph of the workflow"
        cards={planCards(workflow, { nodes: [], refusals: [], critical_path: all })}
        edges={edgesOf(workflow)}
      >
        {(at) =>
          at === '' ? (
            <Empty>Press a task to see its definition.</Empty>
          ) : (
            <TaskDefinition document={workflow} at={at} />
          )
        }
      </WorkflowGraph>
    </Section>
  );
}

const Statement = ({
  attestation: { bundle, principal: by, created_at: at },
}: {
  readonly attestation: Attestation;
}) => {
  const { kind, digest, predicate } = statementIn(bundle);
  return (
    <li>
      <p class="turn-line">
        <strong>{kind}</strong>
        <span class="quiet">
          by {by}
          {at !== null && `, ${dateTime(at)}`}
        </span>
        {digest !== null && (
          <span class="mono quiet" title={digest}>
            {shortId(digest)}
          </span>
        )}
      </p>
      <details>
        <summary>What it says</summary>
        <Json value={predicate} label={`What the ${kind} says`} />
      </details>
    </li>
  );
};

function Story({ story, onChanged }: { readonly story: CapsuleStory; readonly onChanged: () => void }) {
  const { capsule, versions, attestations } = story;
  const manifest = manifestOf(capsule);
  const refusal = notReviewable(capsule, { principal: principal(), may });
  return (
    <>
      <Section title="Capsule" note={capsule.description} actions={<Actions capsule={capsule} onChanged={onChanged} />}>
        <Facts capsule={capsule} />
        {refusal !== null && refusal !== '' && <p class="note">{refusal}</p>}
      </Section>
      <Job capsule={capsule} manifest={manifest} />
      <Workflow {...(manifest.workflow !== undefined && { workflow: manifest.workflow })} />
      <Section title="Versions" note="a version never changes">
        <Table
          caption="Versions"
          rows={versions}
          keyOf={({ capsule: id }) => id}
          columns={versionColumns}
          isMarked={({ digest }) => digest === capsule.digest}
        />
      </Section>
      <Section title="Statements" note="signed, about this digest">
        {attestations.length === 0 ? (
          <Empty>No statement.</Empty>
        ) : (
          <ul class="turns">
            {attestations.map((each) => (
              <Statement key={`${each.created_at} ${statementIn(each.bundle).kind}`} attestation={each} />
            ))}
          </ul>
        )}
      </Section>
      <Section title="Manifest" note="what the signature covers">
        <Json value={capsule.manifest} label="Manifest" />
      </Section>
    </>
  );
}

/** A version of a capsule: all that a reviewer and an installing tenant must see, and the commands on it. */
export function CapsulePage() {
  const { params } = useRoute();
  const { publisher = '', name = '', version = '' } = params;
  const story = useResource(`capsule ${publisher} ${name} ${version}`, () => readStory({ publisher, name, version }), {
    everyMs: EVERY_MS,
  });
  return (
    <Page title={`${name} ${version}`} lead={`A capsule of ${publisher}.`}>
      <Loaded of={story} what="the capsule">
        {(found) => <Story story={found} onChanged={story.reload} />}
      </Loaded>
    </Page>
  );
}
