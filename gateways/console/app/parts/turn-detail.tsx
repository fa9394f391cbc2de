import { useMemo } from 'preact/hooks';
import { api, read } from '../api/client.ts';
import { chainsOf, decisionsOf } from '../state/chain.ts';
import { feed, selectedTurn } from '../state/live.ts';
import { isOpen, type LiveTurn } from '../state/live-turn.ts';
import { count, dateTime, duration } from '../state/text.ts';
import { ChainCord } from './chain-cord.tsx';
import { Fact, Mark } from './mark.tsx';
import { ScoreLine } from './score.tsx';
import { Empty, ProblemNote } from './states.tsx';
import { useResource } from './use-resource.ts';

/** Pause between two reads of the records of a turn that runs, and of one that has ended, in ms. */
const GROWING_MS = 1_500;
const REST_MS = 6_000;
const RECORDS_MAX = 200;

/** The turn that is selected in the list: its answer as it grows, and the records that it has led to. */
export function TurnDetail() {
  void feed.frame.value;
  const turn = selectedTurn.value === null ? undefined : feed.turns.get(selectedTurn.value);
  return (
    <section class="live-detail panel" aria-label="Selected turn">
      {turn === undefined ? (
        <Empty>Select a turn to read its answer and its records.</Empty>
      ) : (
        <>
          <TurnTexts turn={turn} />
          <TurnRecords key={turn.sessionId} sessionId={turn.sessionId} isGrowing={isOpen(turn)} />
        </>
      )}
    </section>
  );
}

const TurnTexts = ({ turn }: { readonly turn: LiveTurn }) => (
  <>
    <header class="panel-head">
      <h2>
        <a href={`/console/sessions/${turn.sessionId}`}>Session {turn.sessionId.slice(0, 8)}</a>
      </h2>
      <Mark state={turn.status} />
    </header>
    <p class="speech speech-prompt">{turn.prompt}</p>
    {turn.text !== '' && (
      <p class={isOpen(turn) ? 'speech speech-answer turn-growing' : 'speech speech-answer'}>{turn.text}</p>
    )}
    {turn.code !== null && (
      <p class="note note-bad">
        <code class="code">{turn.code}</code> {turn.detail}
      </p>
    )}
    <dl class="facts">
      <Fact label="began">{dateTime(new Date(turn.since).toISOString())}</Fact>
      {turn.firstTextAt !== null && (
        <Fact label="first words">{duration(Math.max(0, turn.firstTextAt - turn.since))}</Fact>
      )}
      {turn.latencyMs !== null && <Fact label="model">{duration(turn.latencyMs)}</Fact>}
      {turn.tokens !== null && <Fact label="tokens">{count(turn.tokens)}</Fact>}
      {turn.model !== '' && <Fact label="answered by">{turn.model}</Fact>}
    </dl>
  </>
);

function TurnRecords({ sessionId, isGrowing }: { readonly sessionId: string; readonly isGrowing: boolean }) {
  const query = { session_id: sessionId, detail: 'full' as const, limit: RECORDS_MAX };
  const load = async () => (await read(api.GET('/v1/audit', { params: { query } }))).items;
  const { data, error, reload } = useResource(sessionId, load, { everyMs: isGrowing ? GROWING_MS : REST_MS });
  // The detail is drawn with each frame of a growing answer; its records only when they were read again.
  const records = useMemo(
    () => (
      <>
        {decisionsOf(data ?? [])
          .slice(-1)
          .map((decision) => (
            <ScoreLine key={decision.id} decision={decision} />
          ))}
        <h3>Records</h3>
        {chainsOf(data ?? []).map((chain) => (
          <ChainCord key={chain.commandId} chain={chain} />
        ))}
      </>
    ),
    [data],
  );
  return (
    <>
      {records}
      {error !== null && <ProblemNote error={error} retry={reload} />}
    </>
  );
}
