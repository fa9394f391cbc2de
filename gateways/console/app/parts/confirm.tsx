import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from './dialog.tsx';
import { FormEnd } from './form-end.tsx';
import { useAction } from './use-action.ts';

interface ConfirmProps {
  /** What both buttons say. */
  readonly does: string;
  /** Title of the question. */
  readonly asks: string;
  /** True for what ends or removes something. */
  readonly isFinal?: boolean;
  /** Sends the command. Rejects with ApiError. */
  readonly send: () => Promise<unknown>;
  readonly onDone: () => void;
  /** What will be, in one sentence. */
  readonly children: ComponentChildren;
}

/** A button for a command without a reason, which asks before it is sent. */
export function Confirm({ does, asks, isFinal = false, send, onDone, children }: ConfirmProps) {
  const [isOpen, setOpen] = useState(false);
  const action = useAction(send);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!(await action.run())) return;
    setOpen(false);
    onDone();
  };
  const tone = isFinal ? 'stop' : 'primary';
  return (
    <>
      <button
        type="button"
        class={isFinal ? 'stop' : ''}
        onClick={() => {
          action.clear();
          setOpen(true);
        }}
      >
        {does}
      </button>
      <Dialog title={asks} isOpen={isOpen} onClose={() => setOpen(false)}>
        <form onSubmit={(event) => void submit(event)}>
          <p>{children}</p>
          <FormEnd does={does} tone={tone} action={action} onCancel={() => setOpen(false)} />
        </form>
      </Dialog>
    </>
  );
}
