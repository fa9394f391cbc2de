import { type LogClient, turnCosts } from './measured.ts';

/** Cost of a turn as a line: what a platform takes each second without turns, and what each turn adds. */
export interface CostLine {
  /** ms of processor time a second. */
  readonly idleMs: number;
  /** ms of processor time a turn. */
  readonly turnMs: number;
}

/** One measured rate beside what the line says of it. */
export interface CostCheck {
  readonly turnsPerSecond: number;
  /** ms of processor time a second. */
  readonly measuredMs: number;
  readonly predictedMs: number;
  /** (predicted - measured) / measured. */
  readonly error: number;
}

/** Returns the line through the least and the highest measured rate of a client. */
export function costLine(client: LogClient): CostLine {
  const points = measuredPoints(client);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first === last) throw new RangeError('a line needs two rates');
  const turnMs = (last.perSecondMs - first.perSecondMs) / (last.rate - first.rate);
  return { turnMs, idleMs: first.perSecondMs - turnMs * first.rate };
}

/** Returns each measured rate of a client beside the line. The rates between the ends were not used to draw it. */
export function checkCosts(client: LogClient): readonly CostCheck[] {
  const { idleMs, turnMs } = costLine(client);
  return measuredPoints(client).map(({ rate, perSecondMs }) => {
    const predictedMs = idleMs + turnMs * rate;
    return {
      ...{ turnsPerSecond: rate, measuredMs: perSecondMs, predictedMs },
      error: (predictedMs - perSecondMs) / perSecondMs,
    };
  });
}

const measuredPoints = (client: LogClient): readonly { readonly rate: number; readonly perSecondMs: number }[] =>
  Object.entries(turnCosts[client].totalCpuMs)
    .map(([rate, ms]) => ({ rate: Number(rate), perSecondMs: Number(rate) * ms }))
    .sort((a, b) => a.rate - b.rate);
