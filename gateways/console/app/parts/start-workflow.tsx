import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, write } from '../api/client.ts';
import { writtenAnswer } from '../state/program.ts';
import { Dialog } from './dialog.tsx';
import { Field, textField } from './field.tsx';
import { FormEnd } from './form-end.tsx';
import { useAction } from './use-action.ts';

type Start = Schemas['StartWorkflowRun'];

/** Returns the budget that a form asks for; undefined when none of its fields is filled. */
function budgetIn(form: HTMLFormElement): Start['budget'] {
  const [calls, tokens, cost] = [textField(form, 'calls'), textField(form, 'tokens'), textField(form, 'cost')];
  const budget = {
    ...(calls !== '' && { calls: Number(calls) }),
    ...(tokens !== '' && { tokens: Number(tokens) }),
    ...(cost !== '' && { cost }),
  };
  return Object.keys(budget).length === 0 ? undefined : budget;
}

/** A button with a question for the input and the budget of a run of one version; it leads to the graph of the run. */
export function StartWorkflow({ template, digest }: { readonly template: string; readonly digest: string }) {
  const [isOpen, setOpen] = useState(false);
  const [isWrong, setWrong] = useState(false);
  const { route } = useLocation();
  const action = useAction(async (body: Start) => {
    const params = { path: { template } };
    const { run_id: id } = await write((header) =>
      api.POST('/v1/templates/{template}/runs', { params: { ...params, header }, body }),
    );
    setOpen(false);
    route(`/console/workflows/runs/${id}`);
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const written = writtenAnswer(textField(form, 'input'));
    setWrong(written === null);
    if (written === null) return;
    const budget = budgetIn(form);
    void action.run({ input: written.answer, sha256: digest, ...(budget !== undefined && { budget }) } as Start);
  };
  return (
    <>
      <button type="button" class="primary" onClick={() => setOpen(true)}>
        Run
      </button>
      <Dialog title={`Run ${template}`} isOpen={isOpen} onClose={() => setOpen(false)}>
        <form onSubmit={submit}>
          <Field label="Input" hint="JSON, by the schema of the document.">
            <textarea name="input" class="mono" rows={6} required spellcheck={false} defaultValue="{}" />
          </Field>
          <div class="form-row">
            <Field label="At most calls">
              <input name="calls" type="number" min={0} />
            </Field>
            <Field label="At most tokens">
              <input name="tokens" type="number" min={0} />
            </Field>
            <Field label="At most cost">
              <input name="cost" inputMode="decimal" pattern="\d{1,9}(\.\d{1,9})?" />
            </Field>
          </div>
          {isWrong && (
            <p class="note note-bad" role="alert">
              Expected JSON.
            </p>
          )}
          <FormEnd does="Run" tone="primary" action={action} onCancel={() => setOpen(false)} />
        </form>
      </Dialog>
    </>
  );
}
