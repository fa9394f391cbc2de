import { messageOf } from '../../../infra/kit/errors.ts';
import type { Row } from '../runtime/figure.ts';
import { runInterleaved } from '../runtime/interleaved-runs.ts';
import type { TurnFigure } from './figure.ts';
import { measureKhipu } from './khipu-side.ts';
import type { Samples } from './measure-at.ts';
import { measureRestate } from './restate-side.ts';
import { capacityRows, costRows, latencyRows, RESTATE } from './rows.ts';

/** A turn with both drivers beside Restate, one system at a time, alternating. */
export const sides: TurnFigure = {
  parts: {
    turn: 'latency of a turn: POST → 201, → first SSE event, command → decision, round trip of the log',
    cpu: 'processor time, transactions and broker requests of a turn',
    restate: 'three durable steps of Restate beside them',
    capacity: 'highest rate of turns that is sustained',
  },
  byDefault: true,
  run: async ({ sizes, parts, clients, settings, note }) => {
    const wanted = { turn: parts.has('turn'), cpu: parts.has('cpu'), capacity: parts.has('capacity') };
    const failures: unknown[] = [];
    /** One failed run of a side costs its samples, not the other runs. */
    const kept = (side: string, work: () => Promise<Samples>) => async (): Promise<Samples> => {
      try {
        return await work();
      } catch (error) {
        note(`${side}: failed: ${messageOf(error)}`);
        failures.push(error);
        return {};
      }
    };
    const measured: Record<string, () => Promise<Samples>> = {};
    if (wanted.turn || wanted.cpu || wanted.capacity)
      for (const [side, client] of Object.entries(clients))
        measured[side] = kept(side, () => measureKhipu(client, { wanted, sizes, settings, note }));
    if (parts.has('restate')) measured[RESTATE] = kept(RESTATE, () => measureRestate({ sizes, note }));
    const medians = await runInterleaved(sizes.runs, measured, note);
    const rows: Row[] = [
      ...(wanted.turn || parts.has('restate') ? latencyRows(medians, sizes.rates) : []),
      ...(wanted.cpu || parts.has('restate') ? costRows(medians, sizes.rates) : []),
      ...capacityRows(medians),
    ];
    if (rows.length === 0) throw failures[0] ?? new Error('nothing was measured');
    return rows;
  },
};
