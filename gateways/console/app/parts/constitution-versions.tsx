import type { Schemas } from '../../../../infra/client/api.ts';
import { api, write } from '../api/client.ts';
import { may } from '../state/session.ts';
import { dateTime } from '../state/text.ts';
import { Mark } from './mark.tsx';
import { Section } from './page.tsx';
import { ProblemNote } from './states.tsx';
import { Table } from './table.tsx';
import { useAction } from './use-action.ts';

type Version = Schemas['ConstitutionVersion'];

const activate = ({ version, digest }: Version) =>
  write((header) => api.POST('/v1/constitutions/activations', { params: { header }, body: { version, digest } }));

const shadow = (version: string | null) =>
  write((header) => api.POST('/v1/constitutions/shadow', { params: { header }, body: { version } }));

const review = ({ version, digest }: Version, verdict: 'approve' | 'reject') =>
  write((header) =>
    api.POST('/v1/constitutions/{version}/reviews', {
      params: { header, path: { version } },
      body: { digest, verdict, comment: '' },
    }),
  );

const stateOf = ({ active, shadow: isShadow, status }: Version) => (
  <>
    <Mark state={active ? 'active' : status} /> {isShadow && <Mark state="shadow" />}
  </>
);

interface VersionsProps {
  readonly items: readonly Version[];
  readonly selected: string;
  readonly onSelect: (version: string) => void;
  readonly onChanged: () => void;
}

/** Every version with its state, and the commands that the caller may send. */
export function ConstitutionVersions({ items, selected, onSelect, onChanged }: VersionsProps) {
  const action = useAction(async (perform: () => Promise<unknown>) => {
    await perform();
    onChanged();
  });
  const button = (text: string, perform: () => Promise<unknown>) => (
    <button type="button" class="plain" disabled={action.isRunning} onClick={() => void action.run(perform)}>
      {text}
    </button>
  );
  const commands = (one: Version) => (
    <span class="row-commands">
      {one.status === 'proposed' && may('constitution:review') && (
        <>
          {button('Approve', () => review(one, 'approve'))}
          {button('Reject', () => review(one, 'reject'))}
        </>
      )}
      {one.status === 'published' && !one.active && may('constitution:activate') && (
        <>
          {button('Activate', () => activate(one))}
          {one.shadow ? button('End the shadow', () => shadow(null)) : button('Shadow', () => shadow(one.version))}
        </>
      )}
    </span>
  );
  const columns = [
    {
      head: 'version',
      cell: (one: Version) => (
        <button
          type="button"
          class="plain"
          aria-pressed={one.version === selected}
          onClick={() => onSelect(one.version)}
        >
          {one.version}
        </button>
      ),
    },
    { head: 'state', cell: stateOf },
    { head: 'sha256', cell: ({ digest }: Version) => <code title={digest}>{digest.slice(0, 12)}</code> },
    { head: 'proposed by', cell: ({ proposed_by: by }: Version) => by ?? 'set-up' },
    {
      head: 'reviews',
      cell: ({ reviews }: Version) => reviews.map(({ reviewer, verdict }) => `${verdict} ${reviewer}`).join(', '),
    },
    { head: 'signed by', cell: ({ signed_by: keys }: Version) => keys.join(', ') },
    { head: 'changed', cell: ({ changed_at: at }: Version) => dateTime(at) },
    { head: 'commands', cell: commands },
  ];
  return (
    <Section title="Versions">
      {action.error !== null && <ProblemNote error={action.error} />}
      <Table
        caption="Versions of the constitution"
        rows={items}
        keyOf={(row) => row.version}
        columns={columns}
        isMarked={(row) => row.version === selected}
      />
    </Section>
  );
}
