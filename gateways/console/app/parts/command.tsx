import { useState } from 'preact/hooks';
import { Dialog } from './dialog.tsx';
import { Field, textField } from './field.tsx';
import { FormEnd } from './form-end.tsx';
import { ProblemNote } from './states.tsx';
import { useAction } from './use-action.ts';

interface CommandProps {
  /** What the button says. */
  readonly does: string;
  /** Title of the question for the reason; without one, the button asks nothing. */
  readonly asks?: string;
  /** True for what ends or removes something. */
  readonly isFinal?: boolean;
  /** Sends the command; the reason is empty when none was asked for. Rejects with ApiError. */
  readonly send: (reason: string) => Promise<unknown>;
  readonly onDone: () => void;
}

/** A button for a command; one that holds or ends something asks for the reason first. */
export function Command({ does, asks, isFinal = false, send, onDone }: CommandProps) {
  const action = useAction(send);
  const [isOpen, setOpen] = useState(false);
  const run = async (reason: string): Promise<void> => {
    if (!(await action.run(reason))) return;
    setOpen(false);
    onDone();
  };
  const tone = isFinal ? 'stop' : '';
  return (
    <>
      <button
        type="button"
        class={tone}
        disabled={action.isRunning}
        onClick={() => (asks === undefined ? void run('') : setOpen(true))}
      >
        {does}
      </button>
      {!isOpen && action.error !== null && <ProblemNote error={action.error} />}
      {asks !== undefined && (
        <Dialog title={asks} isOpen={isOpen} onClose={() => setOpen(false)}>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void run(textField(event.currentTarget as HTMLFormElement, 'reason'));
            }}
          >
            <Field label="Reason" hint="One sentence for people. It is kept in the log.">
              <input name="reason" required maxLength={500} autocomplete="off" />
            </Field>
            <FormEnd does={does} tone={tone} action={action} onCancel={() => setOpen(false)} />
          </form>
        </Dialog>
      )}
    </>
  );
}
