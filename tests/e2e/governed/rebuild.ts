import { describe, expect, test } from 'vitest';
import { allProjections } from '../../../projections/all.ts';
import { until } from '../../support/api-client.ts';
import { khipu } from '../../support/khipu.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { clientOf, runTurn } from '../support/turn-fixture.ts';

interface Status {
  readonly view: string;
  readonly generation: number | null;
  readonly rebuildNeeded: boolean;
}

interface Report {
  readonly view: string;
  readonly swapped: boolean;
  readonly records: number;
  readonly refused: number;
  readonly comparison: readonly {
    readonly rowsBefore: number;
    readonly rowsAfter: number;
    readonly differences: number;
  }[];
}

const VIEWS = allProjections.map(({ name }) => name).sort();
/** Views that the turns of these tests fill. */
const FILLED: ReadonlySet<string> = new Set(['audit', 'budgets', 'events', 'sessions', 'turns', 'usage']);

/** Rebuilds the read models on the running platform, with the data of all earlier tests. */
export function describeRebuild(platform: () => TestPlatform): void {
  describe('a rebuild of the read models', () => {
    async function projections<Body>(...args: string[]): Promise<Body> {
      const { code, stdout, stderr } = await khipu(['projections', ...args, '--json'], platform().env);
      // A comparison that differs exits with 1; its output names the rows that differ.
      expect({ args, code, stderr, stdout: code === 0 ? '' : stdout }).toEqual({
        args,
        code: 0,
        stderr: '',
        stdout: '',
      });
      return JSON.parse(stdout) as Body;
    }

    test('gives the same rows, and concurrent readers see no change', {
      timeout: 180_000,
    }, async () => {
      const api = clientOf(platform());
      const turn = await runTurn(api);
      const paths = [`/v1/sessions/${turn.sessionId}`, `/v1/sessions/${turn.sessionId}/events?limit=200`];
      const read = async () => Promise.all(paths.map(async (path) => (await api.call('GET', path)).body));
      const settled = ({ usage }: Record<string, unknown>) => Array.isArray(usage) && usage.length > 0;
      await until(
        () => api.call('GET', paths[0] ?? ''),
        ({ body }) => settled(body),
        30_000,
      );
      const listed = () => projections<readonly Status[]>('list');
      const before = await listed();
      const shown = await read();

      let done = false;
      let reads = 0;
      const reading = (async () => {
        for (; !done; reads += 1) expect(await read()).toEqual(shown);
      })();
      // It fails the test when it is awaited, after the rebuild.
      reading.catch(() => undefined);
      const reports = await projections<readonly Report[]>('rebuild', 'all', '--compare').finally(() => {
        done = true;
      });
      await reading;

      expect(reports.map(({ view }) => view).sort()).toEqual(VIEWS);
      for (const { view, swapped, refused, records, comparison } of reports) {
        expect({ view, swapped, refused }).toEqual({ view, swapped: true, refused: 0 });
        if (FILLED.has(view)) expect(records).toBeGreaterThan(0);
        for (const { rowsBefore, rowsAfter, differences } of comparison)
          expect({ view, rowsAfter, differences }).toEqual({ view, rowsAfter: rowsBefore, differences: 0 });
      }
      expect(reads).toBeGreaterThan(0);
      expect(await read()).toEqual(shown);
      const after = await listed();
      const generations = (of: readonly Status[]) =>
        VIEWS.map((view) => of.find((status) => status.view === view)?.generation ?? 0);
      expect(generations(after)).toEqual(generations(before).map((generation) => generation + 1));

      const next = await runTurn(api);
      await until(
        () => api.call('GET', `/v1/sessions/${next.sessionId}`),
        ({ body }) => settled(body),
        30_000,
      );
    });
  });
}
