import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { upgradeVerdicts } from '../../../../schemas/contexts/capsules/upgrades.ts';
import { differences } from '../../../../schemas/differences.ts';
import { readCapsule } from '../api/capsules.ts';
import { api, read, write } from '../api/client.ts';
import { asksOf, isGranted } from '../state/capsules.ts';
import { Changes } from './changes.tsx';
import { Field, textField } from './field.tsx';
import { Grants, grantedIn } from './grants.tsx';
import { JobLink } from './job-link.tsx';
import { Fact, Mark } from './mark.tsx';
import { Section } from './page.tsx';
import { Empty, Loaded, ProblemNote } from './states.tsx';
import { Table } from './table.tsx';
import { useAction } from './use-action.ts';
import { useResource } from './use-resource.ts';

type Capsule = Schemas['Capsule'];
type Install = Schemas['CapsuleInstall'];

/** Pause between two readings of a check that runs, in ms. */
const CHECK_MS = 1_000;

interface ReviewProps {
  readonly install: Install;
  /** The version that is installed, and the one to upgrade to. */
  readonly pinned: Capsule;
  readonly next: Capsule;
  readonly onDone: () => void;
}

/** What another version changes and asks for, the check of it, and the upgrade. */
function Review({ install, pinned, next, onDone }: ReviewProps) {
  const changes = differences(pinned.manifest as Record<string, unknown>, next.manifest as Record<string, unknown>);
  const [checkId, setCheckId] = useState('');
  const action = useAction(async (granted: string[], set: string) => {
    const { check_id } = await write((header) =>
      api.POST('/v1/marketplace/installs/{install}/upgrade-checks', {
        params: { path: { install: install.install }, header },
        body: { capsule: next.capsule, digest: next.digest, granted, ...(set !== '' && { golden_set: set }) },
      }),
    );
    setCheckId(check_id);
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void action.run(grantedIn(form), textField(form, 'golden_set'));
  };
  return (
    <>
      <h3>What it changes</h3>
      <Changes changes={changes} />
      <form onSubmit={submit} onChange={() => setCheckId('')}>
        <Grants
          key={next.digest}
          asks={asksOf(next)}
          chosen={next.asks.filter((each) => isGranted(install.granted, each))}
          added={next.asks.filter((each) => !isGranted(pinned.asks, each))}
        />
        <Field label="Golden set of the tenant" hint="its cases count beside those of both versions">
          <input name="golden_set" />
        </Field>
        {action.error !== null && <ProblemNote error={action.error} />}
        <p class="form-actions">
          <button type="submit" disabled={action.isRunning}>
            Check {next.version}
          </button>
        </p>
      </form>
      {checkId !== '' && <Checked key={checkId} checkId={checkId} install={install} next={next} onDone={onDone} />}
    </>
  );
}

interface CheckedProps extends Omit<ReviewProps, 'pinned'> {
  readonly checkId: string;
}

/** A check as it runs and ends; an upgrade goes through with one that has passed. */
function Checked({ checkId, install, next, onDone }: CheckedProps) {
  const check = useResource(
    `check ${checkId}`,
    () => {
      const path = { install: install.install, check_id: checkId };
      return read(api.GET('/v1/marketplace/installs/{install}/upgrade-checks/{check_id}', { params: { path } }));
    },
    { everyMs: (found) => (found === null || found.status === 'running' ? CHECK_MS : undefined) },
  );
  return (
    <Loaded of={check} what="the check">
      {({ status, detail, report }) => {
        if (report !== null)
          return <Report install={install} next={next} checkId={checkId} report={report} onDone={onDone} />;
        if (status === 'failed') return <p class="note note-bad">The check has failed: {detail}</p>;
        return (
          <p role="status">
            Both versions run over the cases: <JobLink id={checkId} />
          </p>
        );
      }}
    </Loaded>
  );
}

type Report = Schemas['UpgradeReport'];
type Reason = Schemas['UpgradeReason'];

const reasonColumns = [
  { head: 'past runs', cell: ({ runs }: Reason) => runs },
  { head: 'code', cell: ({ code }: Reason) => <code>{code}</code> },
  { head: 'of the latest', cell: ({ detail }: Reason) => detail },
];

const charged = ({ charged: amount, currency, meter }: Report['what_if']['before']): string =>
  `${amount} ${currency} by ${meter}`;

/** The regression and the what-if of a check, and the upgrade that rests on them. */
function Report({ install, next, checkId, report, onDone }: CheckedProps & { readonly report: Report }) {
  const { regression, what_if: whatIf, granted } = report;
  const action = useAction(() =>
    write((header) =>
      api.POST('/v1/marketplace/installs/{install}/upgrade', {
        params: { path: { install: install.install }, header },
        body: { capsule: next.capsule, digest: next.digest, granted, check_id: checkId },
      }),
    ),
  );
  const hasPassed = upgradeVerdicts.includes(regression.verdict);
  return (
    <>
      <h3>What the check says</h3>
      <dl class="facts">
        <Fact label="verdict">
          <Mark state={regression.verdict} />
        </Fact>
        <Fact label="cases passed">
          {regression.passed} of {regression.cases.length}
        </Fact>
        <Fact label="past runs that change">
          {whatIf.changed} of {whatIf.runs}
        </Fact>
        <Fact label="they cost">{charged(whatIf.before)}</Fact>
        <Fact label="they would cost">{charged(whatIf.after)}</Fact>
      </dl>
      <p>{regression.detail}</p>
      {whatIf.reasons.length > 0 && (
        <Table
          caption="Past runs that the version would refuse, or end earlier"
          rows={whatIf.reasons}
          keyOf={({ code }) => code}
          columns={reasonColumns}
        />
      )}
      {action.error !== null && <ProblemNote error={action.error} />}
      <p class="form-actions">
        <button
          type="button"
          class="primary"
          disabled={!hasPassed || action.isRunning}
          onClick={() => void action.run().then((isDone) => isDone && onDone())}
        >
          Upgrade to {next.version}
        </button>
      </p>
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
    <Section title="Upgrade" note="with a check that has passed; a version that asks for more needs a new grant">
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
