import { api, read } from '../api/client.ts';
import type { ShadowDifference } from '../api/console-paths.ts';
import { shortName, timeOfDay } from '../state/text.ts';
import { Mark } from './mark.tsx';
import { Section } from './page.tsx';
import { Empty, Loaded } from './states.tsx';
import { Table } from './table.tsx';
import { useResource } from './use-resource.ts';

const EVERY_MS = 5_000;

const verdict = ({ outcome, score, reasons }: ShadowDifference['active']) => (
  <>
    <Mark state={outcome} /> {score.toFixed(3)} <span class="quiet">{reasons[0]}</span>
  </>
);

const columns = [
  { head: 'at', cell: ({ at }: ShadowDifference) => timeOfDay(at) },
  { head: 'command', cell: ({ command_type: type }: ShadowDifference) => shortName(type) },
  { head: 'active', cell: ({ active }: ShadowDifference) => verdict(active) },
  { head: 'shadow', cell: ({ shadow }: ShadowDifference) => verdict(shadow) },
  {
    head: 'session',
    cell: ({ session_id: id }: ShadowDifference) =>
      id === null ? (
        ''
      ) : (
        <a class="mono" href={`/console/sessions/${id}`}>
          {id.slice(0, 8)}
        </a>
      ),
  },
];

/** Decisions on which the shadow version disagrees with the active one, newest first. */
export function ShadowDifferences() {
  const found = useResource('shadow', () => read(api.GET('/v1/constitutions/shadow/differences')), {
    everyMs: EVERY_MS,
  });
  const shadow = found.data?.shadow ?? null;
  const note = shadow === null ? undefined : `version ${shadow.version} decides beside the active one, without effect`;
  return (
    <Section title="Shadow differences" note={note}>
      <Loaded of={found} what="shadow differences">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              {shadow === null
                ? 'No version is evaluated as a shadow. Choose one of the published versions above.'
                : `Version ${shadow.version} has agreed with every decision so far.`}
            </Empty>
          ) : (
            <Table caption="Shadow differences" rows={items} keyOf={(row) => row.decision_id} columns={columns} />
          )
        }
      </Loaded>
    </Section>
  );
}
