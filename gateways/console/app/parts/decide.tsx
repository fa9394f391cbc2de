import { useState } from 'preact/hooks';
import { Dialog } from './dialog.tsx';
import { Field, textField } from './field.tsx';
import { FormEnd } from './form-end.tsx';
import { useAction } from './use-action.ts';

export type Outcome = 'approve' | 'reject';

interface DecideProps {
  readonly outcome: Outcome;
  /** What is decided on, as the title of the question names it. */
  readonly what: string;
  /** Sends the decision with a note, which may be empty. Rejects with ApiError. */
  readonly send: (outcome: Outcome, note: string) => Promise<unknown>;
  readonly onDone: () => void;
}

const DOES: Readonly<Record<Outcome, string>> = { approve: 'Approve', reject: 'Reject' };
/** Longest note, in characters; that of the API. */
const NOTE_MAX = 500;

/** A button for an outcome of a review, which asks for a note. */
export function Decide({ outcome, what, send, onDone }: DecideProps) {
  const [isOpen, setOpen] = useState(false);
  const action = useAction((note: string) => send(outcome, note));
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!(await action.run(textField(event.currentTarget as HTMLFormElement, 'note')))) return;
    setOpen(false);
    onDone();
  };
  const open = (): void => {
    action.clear();
    setOpen(true);
  };
  const tone = outcome === 'approve' ? 'primary' : 'stop';
  return (
    <>
      <button type="button" class={tone} onClick={open}>
        {DOES[outcome]}
      </button>
      <Dialog title={`${DOES[outcome]} ${what}`} isOpen={isOpen} onClose={() => setOpen(false)}>
        <form onSubmit={(event) => void submit(event)}>
          <Field label="Note" hint="For people, and for the audit.">
            <input name="note" maxLength={NOTE_MAX} autocomplete="off" />
          </Field>
          <FormEnd does={DOES[outcome]} tone={tone} action={action} onCancel={() => setOpen(false)} />
        </form>
      </Dialog>
    </>
  );
}
