import { useRoute } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { Approve, EditArguments, Reject } from '../parts/approval-commands.tsx';
import { Json } from '../parts/json.tsx';
import { Chips, Fact, Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Decision } from '../parts/score.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { useResource } from '../parts/use-resource.ts';
import { decisionOn, notDecidable, requirementOf } from '../state/approvals.ts';
import { may, principal } from '../state/session.ts';
import { amount, count, dateTime, duration, shortId } from '../state/text.ts';

type Approval = Schemas['Approval'];
type Step = Approval['steps'][number];
type Source = Approval['label_sources'][number];

const EVERY_MS = 1_000;

const Facts = ({ approval }: { readonly approval: Approval }) => (
  <dl class="facts">
    <Fact label="state">
      <Mark state={approval.status} />
    </Fact>
    <Fact label="tool">
      <a href={`/console/tools/${encodeURIComponent(approval.tool)}`}>{approval.tool}</a>
    </Fact>
    <Fact label="effect">{approval.effect ?? ''}</Fact>
    <Fact label="asked by">{approval.principal ?? ''}</Fact>
    <Fact label="approvals">
      {count(approval.given)} of {count(approval.required)}
    </Fact>
    {approval.created_at !== null && <Fact label="asked">{dateTime(approval.created_at)}</Fact>}
    {approval.expires_at !== null && <Fact label="expires">{dateTime(approval.expires_at)}</Fact>}
    {approval.ended_at !== null && <Fact label="ended">{dateTime(approval.ended_at)}</Fact>}
    {approval.cost_max !== null && <Fact label="costs at most">{amount(approval.cost_max)}</Fact>}
    {approval.session_id !== null && (
      <Fact label="session">
        <a class="mono" href={`/console/sessions/${approval.session_id}`} title={approval.session_id}>
          {shortId(approval.session_id)}
        </a>
      </Fact>
    )}
    {approval.editor !== null && <Fact label="arguments by">{approval.editor}</Fact>}
    {approval.digest !== null && (
      <Fact label="digest">
        <span class="mono" title={approval.digest}>
          {shortId(approval.digest)}
        </span>
      </Fact>
    )}
  </dl>
);

const sourceColumns = [
  { head: 'label', cell: ({ label }: Source) => label },
  { head: 'from', cell: ({ source }: Source) => source },
  { head: 'record', cell: ({ origin }: Source) => (origin === null ? '' : <code>{origin}</code>) },
];

const stepColumns = [
  { head: 'at', cell: ({ created_at: at }: Step) => (at === null ? '' : dateTime(at)) },
  { head: 'what', cell: ({ kind }: Step) => <Mark state={kind.replace('_', ' ')} /> },
  { head: 'by', cell: ({ principal: by }: Step) => by ?? '' },
  { head: 'reason', cell: ({ detail }: Step) => detail ?? '' },
  { head: 'request', kind: 'number' as const, cell: ({ revision }: Step) => count(revision) },
];

/** What rules ask of the approvers, in one sentence each. */
function Asked({ approval }: { readonly approval: Approval }) {
  const requirement = requirementOf(approval);
  if (requirement === null) return null;
  const { rules, capabilities, escalate_after_ms: afterMs, escalate_capability: escalation } = requirement;
  return (
    <>
      <p class="quiet">Asked for by {rules.join(', ')}.</p>
      {capabilities.length > 0 && <p class="quiet">An approver also has {capabilities.join(' and ')}.</p>}
      {escalation !== null && afterMs !== null && (
        <p class="quiet">
          After {duration(afterMs)}, {escalation} suffices.
        </p>
      )}
    </>
  );
}

interface StoryProps {
  readonly approval: Approval;
  readonly onChanged: () => void;
}

function Story({ approval, onChanged }: StoryProps) {
  const refusal = notDecidable(approval, { principal: principal(), may });
  const decision = decisionOn(approval);
  const of = { approval, onDone: onChanged };
  const actions = refusal === null && (
    <>
      <Approve {...of} />
      <EditArguments {...of} />
      <Reject {...of} />
    </>
  );
  return (
    <>
      <Section title="What is asked" note={approval.change} actions={actions}>
        <Facts approval={approval} />
        {refusal !== null && refusal !== '' && <p class="note">{refusal}</p>}
        {approval.code !== null && (
          <p class="note note-bad">
            <code class="code">{approval.code}</code>
          </p>
        )}
        <Asked approval={approval} />
        <h3>Arguments</h3>
        <Json value={approval.arguments} label="Arguments" />
      </Section>
      <Section title="Labels" note="what the rules saw, and where each came from">
        {approval.labels.length === 0 ? <Empty>No label.</Empty> : <Chips items={approval.labels} tone="warn" />}
        {approval.label_sources.length > 0 && (
          <Table
            caption="Sources of labels"
            rows={approval.label_sources}
            keyOf={({ label, source, origin }) => `${label} ${source} ${origin}`}
            columns={sourceColumns}
          />
        )}
      </Section>
      {decision !== null && (
        <Section title="Decision" note="of policy, on the call">
          <Decision decision={{ ...decision, labels: [] }} counterfactuals={[]} />
        </Section>
      )}
      <Section title="What happened">
        <Table
          caption="Steps"
          rows={approval.steps}
          keyOf={({ kind, created_at: at, principal: by }) => `${at} ${kind} ${by}`}
          columns={stepColumns}
        />
      </Section>
    </>
  );
}

/** An approval: all that its approver must see, and the decision. */
export function ApprovalPage() {
  const { params } = useRoute();
  const id = params['id'] ?? '';
  const path = { approval_id: id };
  const approval = useResource(
    `approval ${id}`,
    () => read(api.GET('/v1/approvals/{approval_id}', { params: { path } })),
    { everyMs: EVERY_MS },
  );
  return (
    <Page title={`Approval ${shortId(id)}`} lead="A decision is of the digest that this page shows.">
      <Loaded of={approval} what="the approval">
        {(found) => <Story approval={found} onChanged={approval.reload} />}
      </Loaded>
    </Page>
  );
}
