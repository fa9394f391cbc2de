import type { Knot, LiveTurn } from '../state/live-turn.ts';

const WIDTH = 104;
const MIDDLE = 12;
/** Turns of a long knot: a khipu counts the units of a number by them. */
const COILS_MAX = 7;

/** Turns of the knot of an answer: one more each time that its events double. */
const coilsOf = (count: number): number => Math.min(COILS_MAX, 1 + Math.floor(Math.log2(count)));

function KnotMark({ knot, x }: { readonly knot: Knot; readonly x: number }) {
  const kind = knot.event.slice('turn.'.length);
  if (kind !== 'delta') return <circle class={`cord-${kind}`} cx={x} cy={MIDDLE} r={kind === 'queued' ? 3 : 4.5} />;
  const coils = coilsOf(knot.count);
  return (
    <g class="cord-delta">
      {Array.from({ length: coils }, (_, coil) => (
        <ellipse key={coil} cx={x + coil * 4} cy={MIDDLE} rx={2.6} ry={6} />
      ))}
    </g>
  );
}

const STEP = 14;

/** The cord of a turn: a knot for each event, and a long knot that grows with the answer. It repeats what the row says. */
export function Cord({ turn }: { readonly turn: Pick<LiveTurn, 'knots' | 'status'> }) {
  let x = 8;
  const knots = turn.knots.map((knot) => {
    const at = x;
    x += knot.event === 'turn.delta' ? coilsOf(knot.count) * 4 + 10 : STEP;
    return <KnotMark key={`${knot.event}${at}`} knot={knot} x={at} />;
  });
  const isOpen = turn.status === 'queued' || turn.status === 'running';
  return (
    <svg class="cord" width={WIDTH} height={MIDDLE * 2} viewBox={`0 0 ${WIDTH} ${MIDDLE * 2}`} aria-hidden="true">
      <path class={isOpen ? 'cord-line cord-open' : 'cord-line'} d={`M0 ${MIDDLE}H${isOpen ? WIDTH : x - 4}`} />
      {knots}
    </svg>
  );
}
