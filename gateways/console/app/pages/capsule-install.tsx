import { useLocation, useRoute } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { INSTALL_CAPSULES } from '../../../../schemas/contexts/capsules/upgrades.ts';
import { RUN_CAPSULES } from '../../../../schemas/contexts/capsules.ts';
import { readCapsule, readVersions } from '../api/capsules.ts';
import { api, read, write } from '../api/client.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Fact, Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { RunCapsule } from '../parts/run-capsule.tsx';
import { Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { UpgradeCapsule } from '../parts/upgrade-capsule.tsx';
import { useResource } from '../parts/use-resource.ts';
import { type Ask, asksOf, capsulePage, isGranted, manifestOf, priceText } from '../state/capsules.ts';
import { may } from '../state/session.ts';
import { dateTime, shortId } from '../state/text.ts';

type Install = Schemas['CapsuleInstall'];

/** A capsule changes by what people do: its versions in every state are not read each second. */
const EVERY_MS = 15_000;
const PATH = '/v1/marketplace/installs/{install}';

interface InstallStory {
  readonly install: Install;
  /** The version that it pins. */
  readonly pinned: Schemas['Capsule'];
  readonly versions: readonly Schemas['CapsuleSummary'][];
}

async function readStory(name: string): Promise<InstallStory> {
  const install = await read(api.GET(PATH, { params: { path: { install: name } } }));
  const pinned = await read(readCapsule(install.capsule));
  return { install, pinned, versions: await readVersions(pinned) };
}

const rollBack = (install: string) =>
  write((header) => api.POST(`${PATH}/rollback`, { params: { path: { install }, header }, body: {} }));
const uninstall = (install: string) => write((header) => api.DELETE(PATH, { params: { path: { install }, header } }));

const grantColumns = (granted: readonly string[]) => [
  { head: 'capability', cell: ({ capability }: Ask) => <code>{capability}</code> },
  {
    head: 'grant',
    cell: ({ capability }: Ask) =>
      isGranted(granted, capability) ? <Mark state="granted" /> : <Mark state="not granted" tone="calm" />,
  },
  {
    head: 'without it',
    cell: ({ isNeeded }: Ask) => (isNeeded ? 'runs are refused' : 'runs go on'),
  },
];

function Story({ story, onChanged }: { readonly story: InstallStory; readonly onChanged: () => void }) {
  const { install, pinned, versions } = story;
  const { route } = useLocation();
  const mayChange = may(INSTALL_CAPSULES);
  return (
    <>
      <Section
        title="Install"
        note={pinned.description}
        actions={
          <>
            {may(RUN_CAPSULES) && pinned.status !== 'revoked' && (
              <RunCapsule install={install.install} manifest={manifestOf(pinned)} />
            )}
            {mayChange && (
              <>
                <Confirm
                  does="Roll back"
                  asks={`Roll back ${install.install}`}
                  send={() => rollBack(install.install)}
                  onDone={onChanged}
                >
                  It returns to the version and the grant of before.
                </Confirm>
                <Confirm
                  does="Uninstall"
                  asks={`Uninstall ${install.install}`}
                  isFinal
                  send={() => uninstall(install.install)}
                  onDone={() => route('/console/capsules')}
                >
                  Runs that have begun end. Its history stays.
                </Confirm>
              </>
            )}
          </>
        }
      >
        <dl class="facts">
          <Fact label="state">
            <Mark state={pinned.status === 'revoked' ? 'revoked' : install.status} />
          </Fact>
          <Fact label="capsule">
            <a href={capsulePage(install.capsule)}>{install.capsule}</a>
          </Fact>
          <Fact label="digest">
            <span class="mono" title={install.digest}>
              {shortId(install.digest)}
            </span>
          </Fact>
          <Fact label="price">{priceText(install.price)}</Fact>
          <Fact label="by">{install.principal}</Fact>
          {install.changed_at !== null && <Fact label="changed">{dateTime(install.changed_at)}</Fact>}
        </dl>
        {pinned.status === 'revoked' && <p class="note note-bad">The capsule was revoked: it runs in no install.</p>}
      </Section>
      <Section title="Grant" note="runs have what is granted and what their caller has">
        <Table
          caption="Grant"
          rows={asksOf(pinned)}
          keyOf={({ capability }) => capability}
          columns={grantColumns(install.granted)}
        />
      </Section>
      {mayChange && <UpgradeCapsule install={install} pinned={pinned} versions={versions} onDone={onChanged} />}
    </>
  );
}

/** An install of the tenant: what it pins and grants, its runs, and the way to another version and back. */
export function CapsuleInstallPage() {
  const { params } = useRoute();
  const name = params['name'] ?? '';
  const story = useResource(`install ${name}`, () => readStory(name), { everyMs: EVERY_MS });
  return (
    <Page title={name} lead="An installed capsule.">
      <Loaded of={story} what="the install">
        {(found) => <Story story={found} onChanged={story.reload} />}
      </Loaded>
    </Page>
  );
}
