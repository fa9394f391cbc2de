import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { maySet } from '../../../../schemas/contexts/kill-switch.ts';
import { api, write } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Field, textField } from '../parts/field.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Empty, Loaded, ProblemNote } from '../parts/states.tsx';
import { useAction } from '../parts/use-action.ts';
import { useKillSwitches } from '../parts/use-kill-switches.ts';
import { engagedSwitches } from '../state/kill-switches.ts';
import { capabilities, tenantId } from '../state/session.ts';
import { dateTime } from '../state/text.ts';

type KillSwitch = Schemas['KillSwitch'];

/** What each mode does with work that was accepted before, for people. */
const EFFECTS = {
  stop: 'ends',
  finish_step: 'ends after its running steps',
  drain: 'may finish',
} as const satisfies Record<KillSwitch['mode'], string>;
const modes = Object.keys(EFFECTS) as readonly KillSwitch['mode'][];

const set = (body: Schemas['SetKillSwitch']) =>
  write((header) => api.POST('/v1/kill-switch', { params: { header }, body }));

const mayScope = (scope: string): boolean => maySet(capabilities(), tenantId(), scope);

/** Scopes that a caller chooses most; others are typed. */
const ownScope = (): string => (mayScope('global') ? 'global' : `tenant:${tenantId()}`);

interface EngageProps {
  readonly isOpen: boolean;
  readonly onDone: (engaged: boolean) => void;
}

/** Asks what to stop and why; the reason is part of the record. */
function EngageDialog({ isOpen, onDone }: EngageProps) {
  const action = useAction(set);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const body = {
      ...{ action: 'engage' as const, scope: textField(form, 'scope'), reason: textField(form, 'reason') },
      mode: modes.find((mode) => mode === textField(form, 'mode')) ?? 'stop',
      two_person: textField(form, 'two_person') === 'on',
    };
    if (await action.run(body)) onDone(true);
  };
  return (
    <Dialog title="Stop new work" isOpen={isOpen} onClose={() => onDone(false)}>
      <form onSubmit={(event) => void submit(event)}>
        <Field label="Scope" hint="global, tenant:…, model:…, tool:…, job:…, capsule:…, workflow:… or memory:…">
          <input name="scope" required defaultValue={ownScope()} spellcheck={false} />
        </Field>
        <Field label="Reason" hint="One sentence for people. It is kept in the log.">
          <input name="reason" required maxLength={500} autocomplete="off" />
        </Field>
        <fieldset class="choices">
          <legend class="field-label">Work that was accepted before</legend>
          {modes.map((mode) => (
            <label class="choice" key={mode}>
              <input type="radio" name="mode" value={mode} defaultChecked={mode === 'stop'} /> {EFFECTS[mode]}
            </label>
          ))}
        </fieldset>
        <label class="choice">
          <input type="checkbox" name="two_person" /> The release needs two persons
        </label>
        {action.error !== null && <ProblemNote error={action.error} />}
        <div class="form-actions">
          <button type="submit" class="stop" disabled={action.isRunning}>
            {action.isRunning ? 'Stopping…' : 'Stop it'}
          </button>
          <button type="button" onClick={() => onDone(false)}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface EngagedProps {
  readonly one: KillSwitch;
  readonly onDone: () => void;
}

/** An engaged switch with its reason, and its release. */
function Engaged({ one, onDone }: EngagedProps) {
  const action = useAction(set);
  const [outcome, setOutcome] = useState<string | null>(null);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const reason = textField(event.currentTarget as HTMLFormElement, 'reason');
    const isDone = await action.run({ action: 'release', scope: one.scope, reason });
    setOutcome(isDone && one.two_person ? 'The release waits for a second person.' : null);
    if (isDone) onDone();
  };
  return (
    <li class="engaged">
      <h3 class="engaged-scope">{one.scope}</h3>
      <p>
        “{one.reason}”{' '}
        <span class="quiet">
          {one.engaged_by}, {dateTime(one.since)}; work before it {EFFECTS[one.mode]}
        </span>
      </p>
      {one.release_proposed_by !== null && (
        <p>Release proposed by {one.release_proposed_by}; a second person is needed.</p>
      )}
      {outcome !== null && <p role="status">{outcome}</p>}
      {mayScope(one.scope) && (
        <form class="find" onSubmit={(event) => void submit(event)}>
          <Field label="Reason of the release">
            <input name="reason" required autocomplete="off" />
          </Field>
          <button type="submit" disabled={action.isRunning}>
            Release
          </button>
        </form>
      )}
      {action.error !== null && <ProblemNote error={action.error} />}
    </li>
  );
}

/** The switch that stops new work, and the engaged switches. */
export function KillSwitchPage() {
  const read = useKillSwitches();
  const [isOpen, setOpen] = useState(false);
  const switches = engagedSwitches.value;
  const done = (engaged: boolean): void => {
    setOpen(false);
    if (engaged) read.reload();
  };
  return (
    <Page
      title="Kill switch"
      lead="Stops new work at once, at every gateway and processor. Administration, reads and streams go on."
    >
      {mayScope(ownScope()) && (
        <div class="big-switch">
          <button type="button" class="stop stop-big" onClick={() => setOpen(true)}>
            Stop
          </button>
          <p>
            {switches.length === 0 ? 'Everything runs.' : `${switches.length} engaged.`} The switch asks for scope and
            reason first.
          </p>
        </div>
      )}
      <EngageDialog isOpen={isOpen} onDone={done} />
      <Section title="Engaged switches">
        <Loaded of={read} what="kill switches">
          {() =>
            switches.length === 0 ? (
              <Empty>No kill switch is engaged.</Empty>
            ) : (
              <ul>
                {switches.map((one) => (
                  <Engaged key={one.scope} one={one} onDone={read.reload} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}
