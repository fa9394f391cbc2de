import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { api, write } from '../api/client.ts';
import { writtenArguments } from '../state/approvals.ts';
import type { Manifest } from '../state/capsules.ts';
import { Dialog } from './dialog.tsx';
import { Field, textField } from './field.tsx';
import { FormEnd } from './form-end.tsx';
import { Json } from './json.tsx';
import { useAction } from './use-action.ts';

/** A button with a question for the input of a run; it leads to the run of the agent. */
export function RunCapsule({
  install,
  manifest: { input: schema, golden },
}: {
  readonly install: string;
  readonly manifest: Manifest;
}) {
  const [isOpen, setOpen] = useState(false);
  const [isWrong, setWrong] = useState(false);
  const { route } = useLocation();
  const action = useAction(async (input: Record<string, unknown>) => {
    const path = { install };
    const { run_id: id } = await write((header) =>
      api.POST('/v1/marketplace/installs/{install}/run', { params: { path, header }, body: { input } }),
    );
    setOpen(false);
    route(`/console/agents/${id}`);
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const input = writtenArguments(textField(event.currentTarget as HTMLFormElement, 'input'));
    setWrong(input === null);
    if (input !== null) void action.run(input);
  };
  return (
    <>
      <button type="button" class="primary" onClick={() => setOpen(true)}>
        Run
      </button>
      <Dialog title={`Run ${install}`} isOpen={isOpen} onClose={() => setOpen(false)}>
        <form onSubmit={submit}>
          <Field label="Input" hint="A JSON object, by the schema below.">
            <textarea
              name="input"
              class="mono"
              rows={6}
              required
              spellcheck={false}
              defaultValue={JSON.stringify(golden[0]?.input ?? {}, null, 2)}
            />
          </Field>
          <Json value={schema} label="Schema of the input" />
          {isWrong && (
            <p class="note note-bad" role="alert">
              Expected a JSON object.
            </p>
          )}
          <FormEnd does="Run" tone="primary" action={action} onCancel={() => setOpen(false)} />
        </form>
      </Dialog>
    </>
  );
}
