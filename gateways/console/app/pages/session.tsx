import { useEffect, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { readStory, type SessionStory } from '../api/session-story.ts';
import { ChainCord } from '../parts/chain-cord.tsx';
import { ExplainDenial } from '../parts/explain-denial.tsx';
import { Chips, Fact, Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Decision } from '../parts/score.tsx';
import { Spans } from '../parts/spans.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { useResource } from '../parts/use-resource.ts';
import { type Chain, chainsOf, type DecisionView, decisionsOf } from '../state/chain.ts';
import { spansOf } from '../state/latency.ts';
import { may } from '../state/session.ts';
import { amount, count, dateTime, duration, shortName } from '../state/text.ts';

type Session = Schemas['Session'];
type Turn = Schemas['Turn'];
type Placed = Schemas['TraceStep'];
type Usage = Session['usage'][number];

/** Pause between two reads of a session that runs, and of one that rests, in ms. */
const GROWING_MS = 2_000;
const REST_MS = 10_000;

const costOf = ({ usage }: Session): string =>
  usage.length === 0 ? '0' : usage.map(({ cost, currency }) => `${amount(cost)} ${currency}`).join(', ');

const isGrowing = ({ status, turns }: Session): boolean =>
  status === 'pending' || turns.some((turn) => turn.status === 'queued' || turn.status === 'running');

const Facts = ({ session }: { readonly session: Session }) => (
  <dl class="facts session-facts">
    <Fact label="state">
      <Mark state={session.status} />
    </Fact>
    <Fact label="persona">{session.persona ?? ''}</Fact>
    <Fact label="model">{session.model ?? 'default of the tenant'}</Fact>
    <Fact label="began">{session.created_at === null ? '' : dateTime(session.created_at)}</Fact>
    <Fact label="turns">{count(session.turn_count)}</Fact>
    <Fact label="tokens">
      {count(session.tokens_consumed.prompt)} + {count(session.tokens_consumed.completion)}
    </Fact>
    <Fact label="cost">{costOf(session)}</Fact>
    {session.capabilities !== null && (
      <Fact label="capabilities">
        <Chips items={session.capabilities} />
      </Fact>
    )}
  </dl>
);

const TurnText = ({ turn }: { readonly turn: Turn }) => (
  <li>
    <p class="speech speech-prompt">{turn.prompt}</p>
    {turn.text !== null && <p class="speech speech-answer">{turn.text}</p>}
    {turn.code !== null && (
      <p class="note note-bad">
        <code class="code">{turn.code}</code> {turn.detail}
      </p>
    )}
    <p class="quiet turn-line">
      <Mark state={turn.status} />
      {turn.model_id !== null && <span>{turn.model_id}</span>}
      {turn.latency_ms !== null && <span>{duration(turn.latency_ms)}</span>}
    </p>
  </li>
);

/** A decision; a denial with a way to ask what would have been allowed. */
const DecisionStory = ({ decision }: { readonly decision: DecisionView }) => (
  <>
    <Decision decision={decision} counterfactuals={[]} />
    {decision.outcome === 'deny' && may('constitution:try') && <ExplainDenial decisionId={decision.id} />}
  </>
);

/** Returns the place of a record; that of a command has no offset, which only its topic knows. */
const placeOf = ({ topic, partition, offset }: Placed): string =>
  [topic, partition, offset].filter((part) => part !== null).join('/');

/** One command: its decision, where its time went, and its records. */
function ChainStory({ chain, story }: { readonly chain: Chain; readonly story: SessionStory }) {
  const ids = new Set(chain.steps.map(({ id }) => id));
  const decisions = decisionsOf(story.records.filter(({ event_id: id }) => ids.has(id)));
  const spans = spansOf(chain);
  const command = story.trace.chains.find(({ command_id: id }) => id === chain.commandId)?.steps[0];
  const name = decisions[0] === undefined ? 'Command' : shortName(decisions[0].commandType);
  return (
    <Section title={name} note={dateTime(chain.at)} class="chain-story">
      <p class="quiet">
        command <code>{chain.commandId}</code>
        {command !== undefined && command.id === chain.commandId && (
          <>
            {' '}
            at <code>{placeOf(command)}</code>
          </>
        )}
      </p>
      <div class="chain-parts">
        <div>
          {decisions.map((decision) => (
            <DecisionStory key={decision.id} decision={decision} />
          ))}
          {spans.length > 0 && (
            <>
              <h3>Latencies</h3>
              <Spans spans={spans} />
            </>
          )}
        </div>
        <div>
          <h3>Records</h3>
          <ChainCord chain={chain} />
        </div>
      </div>
    </Section>
  );
}

const usageColumns = [
  { head: 'model', cell: ({ model_id: id }: Usage) => id },
  { head: 'requests', kind: 'number' as const, cell: ({ requests }: Usage) => count(requests) },
  { head: 'failures', kind: 'number' as const, cell: ({ failures }: Usage) => count(failures) },
  {
    head: 'tokens',
    kind: 'number' as const,
    cell: ({ tokens_consumed: tokens }: Usage) => `${count(tokens.prompt)} + ${count(tokens.completion)}`,
  },
  { head: 'cost', kind: 'number' as const, cell: ({ cost, currency }: Usage) => `${amount(cost)} ${currency}` },
];

function Rows({ story: { trace, session } }: { readonly story: SessionStory }) {
  const rows = Object.entries(trace.rows);
  return (
    <Section title="Rows" note="what the read models have of this session">
      <dl class="facts">
        {rows.map(([view, number]) => (
          <Fact key={view} label={view}>
            {count(number)}
          </Fact>
        ))}
      </dl>
      {session.usage.length > 0 && (
        <Table caption="Usage by model" rows={session.usage} keyOf={(row) => row.model_id} columns={usageColumns} />
      )}
    </Section>
  );
}

function Story({ story }: { readonly story: SessionStory }) {
  const { session, records } = story;
  return (
    <>
      <Section title="Session" note={<code>{session.session_id}</code>}>
        <Facts session={session} />
        {session.code !== null && (
          <p class="note note-bad">
            <code class="code">{session.code}</code> {session.detail}
          </p>
        )}
      </Section>
      {session.turns.length > 0 && (
        <Section title="Turns">
          <ol class="turns">
            {session.turns.map((turn) => (
              <TurnText key={turn.turn_id} turn={turn} />
            ))}
          </ol>
        </Section>
      )}
      {chainsOf(records).map((chain) => (
        <ChainStory key={chain.commandId} chain={chain} story={story} />
      ))}
      {!story.trace.complete && <p class="note">The session has more records than this page shows.</p>}
      {records.length === 0 && <Empty>No record of this session has been audited yet.</Empty>}
      <Rows story={story} />
    </>
  );
}

/** A session from its commands to the rows: decisions, events with their place in the log, latencies and cost. */
export function SessionPage() {
  const { params } = useRoute();
  const id = params['id'] ?? '';
  const [grows, setGrows] = useState(false);
  const story = useResource(`session ${id}`, () => readStory(id), { everyMs: grows ? GROWING_MS : REST_MS });
  const { data } = story;
  useEffect(() => setGrows(data !== null && isGrowing(data.session)), [data]);
  return (
    <Page title={`Session ${id.slice(0, 8)}`} lead="From the command to the decision, the events and the rows.">
      <Loaded of={story} what="the session">
        {(found) => <Story story={found} />}
      </Loaded>
    </Page>
  );
}
