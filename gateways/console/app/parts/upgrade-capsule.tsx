import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { differences } from '../../../../schemas/differences.ts';
import { readCapsule } from '../api/capsules.ts';
import { api, read, write } from '../api/client.ts';
import { asksOf, isGranted } from '../state/capsules.ts';
import { Changes } from './changes.tsx';
import { Field } from './field.tsx';
import { Grants, grantedIn } from './grants.tsx';
import { Section } from './page.tsx';
import { Empty, Loaded, ProblemNote } from './states.tsx';
import { useAction } from './use-action.ts';
import { useResource } from './use-resource.ts';

type Capsule = Schemas['Capsule'];
type Install = Schemas['CapsuleInstall'];

interface ReviewProps {
  readonly install: Install;
  /** The version that is installed, and the one to upgrade to. */
  readonly pinned: Capsule;
  readonly next: Capsule;
  readonly onDone: () => void;
}

/** What another version changes, what it asks for, and the upgrade to it. */
function Review({ install, pinned, next, onDone }: ReviewProps) {
  const changes = differences(pinned.manifest as Record<string, unknown>, next.manifest as Record<string, unknown>);
  const action = useAction((granted: string[]) =>
    write((header) =>
      api.POST('/v1/marketplace/installs/{install}/upgrade', {
        params: { path: { install: install.install }, header },
        body: { capsule: next.capsule, digest: next.digest, granted },
      }),
    ),
  );
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (await action.run(grantedIn(event.currentTarget as HTMLFormElement))) onDone();
  };
  const asks = asksOf(next);
  const added = next.asks.filter((each) => !isGranted(pinned.asks, each));
  return (
    <>
      <h3>What it changes</h3>
      <Changes changes={changes} />
      <form onSubmit={(event) => void submit(event)}>
        <Grants
          key={next.digest}
          asks={asks}
          chosen={next.asks.filter((each) => isGranted(install.granted, each))}
          added={added}
        />
        {action.error !== null && <ProblemNote error={action.error} />}
        <p class="form-actions">
          <button type="submit" class="primary" disabled={action.isRunning}>
            Upgrade to {next.version}
          </button>
        </p>
      </form>
    </>
  );
}

interface UpgradeProps {
  readonly install: Install;
  readonly pinned: Capsule;
  readonly versions: readonly Schemas['CapsuleSummary'][];
  readonly onDone: () => void;
}

/** The other listed versions of an installed capsule; one that is chosen is compared with the installed one. */
export function UpgradeCapsule({ install, pinned, versions, onDone }: UpgradeProps) {
  const others = versions.filter(({ status, digest }) => status === 'listed' && digest !== install.digest);
  const [chosen, setChosen] = useState('');
  const next = useResource(`upgrade ${chosen}`, () => read(readCapsule(chosen)), { when: chosen !== '' });
  return (
    <Section title="Upgrade" note="a version that asks for more needs a new grant">
      {others.length === 0 ? (
        <Empty>No other version is listed.</Empty>
      ) : (
        <div class="find">
          <Field label="Version">
            <select value={chosen} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
              <option value="">choose one</option>
              {others.map(({ capsule, version }) => (
                <option key={capsule} value={capsule}>
                  {version}
                </option>
              ))}
            </select>
          </Field>
        </div>
      )}
      {chosen !== '' && (
        <Loaded of={next} what="the version">
          {(found) => (
            <Review
              install={install}
              pinned={pinned}
              next={found}
              onDone={() => {
                setChosen('');
                onDone();
              }}
            />
          )}
        </Loaded>
      )}
    </Section>
  );
}
