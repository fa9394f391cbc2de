import { useState } from 'preact/hooks';
import { api, write } from '../api/client.ts';
import { Dialog } from './dialog.tsx';
import { Field, textField } from './field.tsx';
import { FormEnd } from './form-end.tsx';
import { useAction } from './use-action.ts';

/** A button with a question for a document or an install; `onDone` gets the name of the template. */
export function ImportTemplate({ onDone }: { readonly onDone: (name: string) => void }) {
  const [isOpen, setOpen] = useState(false);
  const action = useAction(async (body: { document: string } | { install: string }) => {
    const { template } = await write((header) => api.POST('/v1/templates/import', { params: { header }, body }));
    setOpen(false);
    onDone(template);
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const install = textField(form, 'install');
    void action.run(install === '' ? { document: textField(form, 'document') } : { install });
  };
  return (
    <>
      <button
        type="button"
        onClick={() => {
          action.clear();
          setOpen(true);
        }}
      >
        Import
      </button>
      <Dialog title="Import a template" isOpen={isOpen} onClose={() => setOpen(false)}>
        <form onSubmit={submit}>
          <Field label="Document" hint="Serverless Workflow 1.0.3, YAML or JSON. A new document takes a new version.">
            <textarea name="document" class="mono" rows={12} spellcheck={false} />
          </Field>
          <Field label="Or install" hint="An installed capsule whose manifest has a workflow.">
            <input name="install" maxLength={63} autocomplete="off" />
          </Field>
          <FormEnd does="Import" tone="primary" action={action} onCancel={() => setOpen(false)} />
        </form>
      </Dialog>
    </>
  );
}
