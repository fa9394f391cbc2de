import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { ConstitutionDiff } from '../parts/constitution-diff.tsx';
import { ConstitutionDocument } from '../parts/constitution-document.tsx';
import { ConstitutionVersions } from '../parts/constitution-versions.tsx';
import { Page } from '../parts/page.tsx';
import { ShadowDifferences } from '../parts/shadow-differences.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { TrialBox } from '../parts/trial-box.tsx';
import { useResource } from '../parts/use-resource.ts';
import { may } from '../state/session.ts';

type Versions = Schemas['ConstitutionList'];

const EVERY_MS = 10_000;

const newestFirst = ({ items }: Versions): readonly Versions['items'][number][] =>
  [...items].sort((a, b) => b.changed_at.localeCompare(a.changed_at) || b.version.localeCompare(a.version));

const triable = ({ items, active }: Versions): readonly string[] => [
  ...(active === null ? [] : [active.version]),
  ...items.filter((one) => one.status === 'published' && !one.active).map(({ version }) => version),
];

function Governance() {
  const list = useResource('constitutions', () => read(api.GET('/v1/constitutions')), { everyMs: EVERY_MS });
  const active = list.data?.active?.version;
  const [chosen, setChosen] = useState<string | null>(null);
  const known = useResource('personas', () => read(api.GET('/v1/personas', { params: { query: { limit: 200 } } })));
  const personas = known.data?.items.map(({ name }) => name) ?? [];
  return (
    <Loaded of={list} what="constitutions">
      {(versions) => {
        const items = newestFirst(versions);
        const selected = chosen ?? active ?? items[0]?.version ?? '';
        if (items.length === 0)
          return <Empty>No constitution was proposed yet. Without an active one, every command is refused.</Empty>;
        return (
          <>
            {may('constitution:try') && <TrialBox versions={triable(versions)} personas={personas} />}
            <ConstitutionVersions items={items} selected={selected} onSelect={setChosen} onChanged={list.reload} />
            <ShadowDifferences shadow={versions.shadow?.version ?? null} />
            {items.length > 1 && <ConstitutionDiff versions={items.map(({ version }) => version)} />}
            <ConstitutionDocument version={selected} />
          </>
        );
      }}
    </Loaded>
  );
}

/** The constitution: what it would decide, its versions, and where a shadow disagrees. */
export const ConstitutionPage = () => (
  <Page title="Constitution" lead="The signed document that every decision names.">
    <Governance />
  </Page>
);
