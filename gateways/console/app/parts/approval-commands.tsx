import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, write } from '../api/client.ts';
import { writtenArguments } from '../state/approvals.ts';
import { Dialog } from './dialog.tsx';
import { Field, textField } from './field.tsx';
import { FormEnd } from './form-end.tsx';
import { useAction } from './use-action.ts';

type Approval = Schemas['Approval'];
type Decide = Schemas['DecideApproval'];

interface CommandProps {
  readonly approval: Pick<Approval, 'approval_id' | 'digest' | 'arguments' | 'session_id' | 'principal'>;
  readonly onDone: () => void;
}

const MINUTE_MS = 60_000;
/** Bounds of a grant; those of the API. */
const MINUTES_MAX = 60;
const USES_MAX = 100;

interface AskProps extends CommandProps {
  readonly does: string;
  readonly title: string;
  readonly tone: string;
  /** Returns the decision that the form asks for; a text is what is wrong with the form. */
  readonly decide: (form: HTMLFormElement) => Pick<Decide, 'outcome' | 'arguments' | 'grant'> | string;
  readonly children?: ComponentChildren;
}

/** A button with a question, whose form decides on the digest that the page showed when it was opened. */
function Ask({ approval, onDone, does, title, tone, decide, children }: AskProps) {
  const [asked, setAsked] = useState<CommandProps['approval'] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const action = useAction((id: string, body: Decide) =>
    write((header) =>
      api.POST('/v1/approvals/{approval_id}/decision', { params: { path: { approval_id: id }, header }, body }),
    ),
  );
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (asked === null) return;
    const form = event.currentTarget as HTMLFormElement;
    const decision = decide(form);
    setWrong(typeof decision === 'string' ? decision : null);
    if (typeof decision === 'string') return;
    const body = { ...decision, digest: asked.digest ?? '', reason: textField(form, 'reason') };
    if (!(await action.run(asked.approval_id, body))) return;
    setAsked(null);
    onDone();
  };
  const open = (): void => {
    action.clear();
    setWrong(null);
    setAsked(approval);
  };
  return (
    <>
      <button type="button" class={tone} onClick={open}>
        {does}
      </button>
      <Dialog title={title} isOpen={asked !== null} onClose={() => setAsked(null)}>
        <form onSubmit={(event) => void submit(event)}>
          {children}
          <Field label="Reason" hint="One sentence for people. It is kept in the log.">
            <input name="reason" required maxLength={2_000} autocomplete="off" />
          </Field>
          {wrong !== null && (
            <p class="note note-bad" role="alert">
              {wrong}
            </p>
          )}
          <FormEnd does={does} tone={tone} action={action} onCancel={() => setAsked(null)} />
        </form>
      </Dialog>
    </>
  );
}

const isChecked = (form: HTMLFormElement, name: string): boolean => textField(form, name) === 'on';

/** Returns whose calls a grant covers, for people. */
const sameOf = ({ session_id: session, principal }: CommandProps['approval']): string =>
  session === null ? `${principal ?? 'its caller'} outside sessions` : 'this session';

/** Approves the call; like calls of its session, or of its caller outside sessions, can run without a further approval for a time. */
export const Approve = (props: CommandProps) => (
  <Ask
    {...props}
    does="Approve"
    title="Approve the call"
    tone="primary"
    decide={(form) => ({
      outcome: 'approve',
      ...(isChecked(form, 'grant') && {
        grant: {
          lifetime_ms: Number(textField(form, 'minutes')) * MINUTE_MS,
          uses_max: Number(textField(form, 'uses')),
        },
      }),
    })}
  >
    <label class="choice">
      <input type="checkbox" name="grant" /> The same call of {sameOf(props.approval)} runs again without a further
      approval
    </label>
    <div class="form-row">
      <Field label="For minutes">
        <input name="minutes" type="number" min={1} max={MINUTES_MAX} defaultValue="10" required />
      </Field>
      <Field label="At most calls">
        <input name="uses" type="number" min={1} max={USES_MAX} defaultValue="5" required />
      </Field>
    </div>
  </Ask>
);

/** Rejects the call. */
export const Reject = (props: CommandProps) => (
  <Ask {...props} does="Reject" title="Reject the call" tone="stop" decide={() => ({ outcome: 'reject' })} />
);

/** Replaces the arguments: policy decides on them, and they need approvals of their own. */
export const EditArguments = (props: CommandProps) => (
  <Ask
    {...props}
    does="Edit arguments"
    title="Edit the arguments"
    tone=""
    decide={(form) => {
      const written = writtenArguments(textField(form, 'arguments'));
      return written === null ? 'Expected a JSON object.' : { outcome: 'edit', arguments: written };
    }}
  >
    <Field label="Arguments" hint="Policy decides on them again, and they have no approvals yet.">
      <textarea
        name="arguments"
        class="mono"
        rows={8}
        required
        spellcheck={false}
        defaultValue={JSON.stringify(props.approval.arguments, null, 2)}
      />
    </Field>
  </Ask>
);
