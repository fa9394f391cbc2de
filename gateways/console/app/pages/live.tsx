import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { failureOf } from '../api/client.ts';
import { liveSource } from '../api/live-source.ts';
import { AskBox } from '../parts/ask-box.tsx';
import { Mark, type Tone } from '../parts/mark.tsx';
import { Page } from '../parts/page.tsx';
import { RowList } from '../parts/row-list.tsx';
import { Empty, ProblemNote } from '../parts/states.tsx';
import { TimeChart } from '../parts/time-chart.tsx';
import { TurnDetail } from '../parts/turn-detail.tsx';
import { TurnRow } from '../parts/turn-row.tsx';
import { feed, selectedTurn } from '../state/live.ts';
import type { FeedState } from '../state/live-feed.ts';
import { may } from '../state/session.ts';
import { count, perSecond } from '../state/text.ts';

/** Height of a row, in CSS pixels; --row-height in the style sheet. */
const ROW_HEIGHT = 60;

const TONES: Readonly<Record<FeedState, Tone>> = {
  connecting: 'calm',
  syncing: 'busy',
  live: 'good',
  reconnecting: 'warn',
};

function TurnList() {
  const { route } = useLocation();
  // The list is drawn again once a frame, not once an event.
  void feed.frame.value;
  const { turns } = feed;
  if (turns.count === 0)
    return (
      <Empty>
        No turn yet. Turns of every session of the tenant appear here as they happen: ask something, or send a request
        to <code>/v1/sessions/start</code>.
      </Empty>
    );
  const idAt = (index: number): string => turns.at(index)?.turnId ?? String(index);
  return (
    <RowList
      label="Turns, newest first"
      count={turns.count}
      seen={turns.seen}
      rowHeight={ROW_HEIGHT}
      selected={selectedTurn.value === null ? -1 : turns.indexOf(selectedTurn.value)}
      keyOf={idAt}
      row={(index) => {
        const turn = turns.at(index);
        return turn === undefined ? null : <TurnRow turn={turn} />;
      }}
      onSelect={(index) => {
        selectedTurn.value = idAt(index);
      }}
      onOpen={(index) => route(`/console/sessions/${turns.at(index)?.sessionId ?? ''}`)}
    />
  );
}

const nowSeconds = (): number => Date.now() / 1_000;

/** The events of the last two minutes, and how many turns are open. */
function LivePulse() {
  const [columns, setColumns] = useState(() => feed.rates.columns(nowSeconds()));
  const [open, setOpen] = useState(feed.turns.open);
  useEffect(() => {
    const timer = setInterval(() => {
      setColumns(feed.rates.columns(nowSeconds()));
      setOpen(feed.turns.open);
    }, 1_000);
    return () => clearInterval(timer);
  }, []);
  const rate = columns.counts.at(-1) ?? 0;
  return (
    <div class="pulse">
      <dl class="pulse-numbers">
        <div>
          <dt>open turns</dt>
          <dd>{count(open)}</dd>
        </div>
        <div>
          <dt>events/s</dt>
          <dd>{perSecond(rate)}</dd>
        </div>
        <div>
          <dt>turns seen</dt>
          <dd>{count(feed.turns.seen)}</dd>
        </div>
      </dl>
      <TimeChart
        label={`Events per second in the last two minutes; ${rate} in the last second`}
        times={columns.times}
        values={columns.counts}
        height={76}
      />
    </div>
  );
}

function FeedProblem() {
  const failure = feed.failure.value;
  return failure === null ? null : <ProblemNote error={failureOf(failure)} />;
}

const FeedMark = () => <Mark state={feed.state.value} tone={TONES[feed.state.value]} />;

/** The turns of the tenant as they happen, with the answer and the records of one beside them. */
export function LivePage() {
  useEffect(() => {
    const stop = new AbortController();
    void feed.run(liveSource, stop.signal);
    return () => stop.abort();
  }, []);
  return (
    <Page title="Live turns" lead="Each cord is a turn; its knots are its events." aside={<FeedMark />}>
      <FeedProblem />
      {may('slm:invoke:default') && <AskBox />}
      <LivePulse />
      <div class="live">
        <section class="live-list" aria-label="Turns">
          <TurnList />
        </section>
        <TurnDetail />
      </div>
    </Page>
  );
}
