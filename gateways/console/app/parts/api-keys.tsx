import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read, write } from '../api/client.ts';
import { dateTime } from '../state/text.ts';
import { Dialog } from './dialog.tsx';
import { Field, textField } from './field.tsx';
import { Chips, Mark } from './mark.tsx';
import { Section } from './page.tsx';
import { Empty, Loaded, ProblemNote } from './states.tsx';
import { Table } from './table.tsx';
import { useAction } from './use-action.ts';
import { useResource } from './use-resource.ts';

type ApiKey = Schemas['ApiKey'];

interface NewKeyProps {
  readonly tenant: string;
  readonly isOpen: boolean;
  readonly onClose: (isCreated: boolean) => void;
}

/** Creates a key. Its text is shown once, here. */
function NewKeyDialog({ tenant, isOpen, onClose }: NewKeyProps) {
  const [text, setText] = useState<string | null>(null);
  const action = useAction(async (name: string, owner: string, capabilities: readonly string[]) => {
    const body = { name, owner, ...(capabilities.length > 0 && { capabilities: [...capabilities] }) };
    const made = await write((header) => api.POST('/v1/api-keys', { params: { header, query: { tenant } }, body }));
    setText('key' in made && typeof made.key === 'string' ? made.key : '');
  });
  const close = (): void => {
    const isCreated = text !== null;
    setText(null);
    action.clear();
    onClose(isCreated);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const capabilities = textField(form, 'capabilities')
      .split(/[\s,]+/)
      .filter((each) => each !== '');
    void action.run(textField(form, 'name'), textField(form, 'owner'), capabilities);
  };
  return (
    <Dialog title="New API key" isOpen={isOpen} onClose={close}>
      {text === null ? (
        <form onSubmit={submit}>
          <Field label="Name">
            <input name="name" required maxLength={200} autocomplete="off" />
          </Field>
          <Field label="Owner" hint="user:… or service_account:…">
            <input name="owner" required autocomplete="off" spellcheck={false} />
          </Field>
          <Field label="Capabilities" hint="Separated by spaces; all of its owner when empty">
            <input name="capabilities" autocomplete="off" spellcheck={false} />
          </Field>
          {action.error !== null && <ProblemNote error={action.error} />}
          <div class="form-actions">
            <button type="submit" class="primary" disabled={action.isRunning}>
              Create
            </button>
            <button type="button" onClick={close}>
              Cancel
            </button>
          </div>
        </form>
      ) : (
        <>
          <p>This is the only time that the text of the key is shown.</p>
          <pre>{text}</pre>
          <div class="form-actions">
            <button type="button" class="primary" onClick={close}>
              I have kept it
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}

/** The API keys of a tenant. */
export function ApiKeys({ tenant }: { readonly tenant: string }) {
  const [isOpen, setOpen] = useState(false);
  const keys = useResource('keys', () => read(api.GET('/v1/api-keys', { params: { query: { tenant } } })));
  const revoke = useAction(async ({ key_id, version }: ApiKey) => {
    const params = { path: { key_id }, query: { tenant }, header: { 'if-match': `"${version}"` } };
    await write((header) =>
      api.DELETE('/v1/api-keys/{key_id}', { params: { ...params, header: { ...params.header, ...header } } }),
    );
    keys.reload();
  });
  const columns = [
    { head: 'key', cell: ({ key_id: id }: ApiKey) => <code>{id}</code> },
    { head: 'name', cell: ({ name }: ApiKey) => name },
    { head: 'owner', cell: ({ owner }: ApiKey) => owner },
    { head: 'state', cell: ({ status }: ApiKey) => <Mark state={status} /> },
    {
      head: 'capabilities',
      cell: ({ capabilities }: ApiKey) => (capabilities === null ? 'all of its owner' : <Chips items={capabilities} />),
    },
    { head: 'created', cell: ({ created_at: at }: ApiKey) => dateTime(at) },
    {
      head: 'commands',
      cell: (key: ApiKey) =>
        key.status === 'active' && (
          <button type="button" class="plain danger" disabled={revoke.isRunning} onClick={() => void revoke.run(key)}>
            Revoke
          </button>
        ),
    },
  ];
  const actions = (
    <button type="button" onClick={() => setOpen(true)}>
      New key
    </button>
  );
  return (
    <Section title={`API keys of ${tenant}`} actions={actions}>
      {revoke.error !== null && <ProblemNote error={revoke.error} />}
      <Loaded of={keys} what="API keys">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>No key was created here. Keys in the key file of the operators are not listed.</Empty>
          ) : (
            <Table caption="API keys" rows={items} keyOf={(row) => row.key_id} columns={columns} />
          )
        }
      </Loaded>
      <NewKeyDialog
        tenant={tenant}
        isOpen={isOpen}
        onClose={(isCreated) => {
          setOpen(false);
          if (isCreated) keys.reload();
        }}
      />
    </Section>
  );
}
