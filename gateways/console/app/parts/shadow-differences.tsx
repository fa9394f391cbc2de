import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { shortName, timeOfDay } from '../state/text.ts';
import { Mark } from './mark.tsx';
import { Section } from './page.tsx';
import { Empty, Loaded } from './states.tsx';
import { Table } from './table.tsx';
import { useResource } from './use-resource.ts';

const EVERY_MS = 5_000;

type ShadowDifference = Schemas['ShadowDifferences']['items'][number];

const verdict = ({ version, outcome, reasons }: ShadowDifference['active']) => (
  <>
    <Mark state={outcome} /> <span class="quiet">{version}</span> {reasons[0]}
  </>
);

/** Returns whether the subject of a command is a session; that of others is their request. */
const isOfSession = ({ command_type: type }: ShadowDifference): boolean =>
  type.startsWith('khipu.sessions.') || type.startsWith('khipu.conversation.');

const columns = [
  { head: 'at', cell: ({ at }: ShadowDifference) => timeOfDay(at) },
  { head: 'command', cell: ({ command_type: type }: ShadowDifference) => shortName(type) },
  { head: 'active', cell: ({ active }: ShadowDifference) => verdict(active) },
  { head: 'shadow', cell: ({ shadow }: ShadowDifference) => verdict(shadow) },
  {
    head: 'score of the shadow',
    kind: 'number' as const,
    cell: ({ shadow }: ShadowDifference) => shadow.score.toFixed(3),
  },
  {
    head: 'of',
    cell: (difference: ShadowDifference) =>
      isOfSession(difference) ? (
        <a class="mono" href={`/console/sessions/${difference.subject_id}`}>
          {difference.subject_id.slice(0, 8)}
        </a>
      ) : (
        <span class="mono">{difference.subject_id.slice(0, 8)}</span>
      ),
  },
];

/** Version that is evaluated as a shadow; null without one. */
type Shadow = string | null;

/** Decisions on which the shadow version disagrees with the active one, newest first. */
export function ShadowDifferences({ shadow }: { readonly shadow: Shadow }) {
  const found = useResource('shadow', () => read(api.GET('/v1/constitutions/shadow/differences')), {
    everyMs: EVERY_MS,
  });
  const note = shadow === null ? undefined : `version ${shadow} decides beside the active one, without effect`;
  return (
    <Section title="Shadow differences" note={note}>
      <Loaded of={found} what="shadow differences">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              {shadow === null
                ? 'No version is evaluated as a shadow. Choose one of the published versions above.'
                : `Version ${shadow} has agreed with every decision so far.`}
            </Empty>
          ) : (
            <Table caption="Shadow differences" rows={items} keyOf={(row) => row.decision_id} columns={columns} />
          )
        }
      </Loaded>
    </Section>
  );
}
