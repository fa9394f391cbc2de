import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { ApiError } from '../../../../infra/client/api-error.ts';
import { toolEffects } from '../../../../schemas/contexts/tools.ts';
import { differences } from '../../../../schemas/differences.ts';
import { api, write } from '../api/client.ts';
import { may } from '../state/session.ts';
import { signingKeyIn, signManifest } from '../state/sign-manifest.ts';
import { dateTime } from '../state/text.ts';
import { approvableManifest, nameAtServer, offeredManifest, quarantineOf } from '../state/tools.ts';
import { Changes } from './changes.tsx';
import { Dialog } from './dialog.tsx';
import { Field, textField } from './field.tsx';
import { FormEnd } from './form-end.tsx';
import { Section } from './page.tsx';
import { Empty, ProblemNote } from './states.tsx';
import { useAction } from './use-action.ts';

type Tool = Schemas['Tool'];
type Version = Schemas['ToolVersion'];

const connect = (name: string) =>
  write((header) => api.POST('/v1/tools/connect', { params: { header }, body: { tool: name } }));

/** Replaces the version that was looked at with the signed manifest. Rejects with ApiError. */
async function approve({ name, version }: Tool, manifest: object, keys: string): Promise<unknown> {
  const key = signingKeyIn(keys);
  if (key === null)
    throw new ApiError('REQUEST_INVALID', 'Expected a JWK Set with a private Ed25519 key', { status: 400 });
  const body = { manifest, signatures: [await signManifest(manifest, key)] } as unknown as Schemas['PutTool'];
  return write((header) =>
    api.PUT('/v1/tools/{tool}', {
      params: { path: { tool: name }, header: { ...header, 'if-match': `"${version}"` } },
      body,
    }),
  );
}

/** A question for the effect and the key, whose form approves what was shown. */
function Approve({
  tool,
  manifest,
  onDone,
}: {
  readonly tool: Tool;
  readonly manifest: object;
  readonly onDone: () => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const action = useAction(approve);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const file = new FormData(form).get('keys');
    const decided = { ...manifest, version: textField(form, 'version'), effect: textField(form, 'effect') };
    if (!(await action.run(tool, decided, file instanceof File ? await file.text() : ''))) return;
    setOpen(false);
    onDone();
  };
  const { version } = manifest as { readonly version?: string };
  return (
    <>
      <button type="button" class="primary" onClick={() => setOpen(true)}>
        Approve
      </button>
      <Dialog title="Approve the new definition" isOpen={isOpen} onClose={() => setOpen(false)}>
        <form onSubmit={(event) => void submit(event)}>
          <Field label="Effect" hint="What a call does outside, by your judgement and not by that of the server.">
            <select name="effect" defaultValue={tool.effect}>
              {toolEffects.map((effect) => (
                <option key={effect}>{effect}</option>
              ))}
            </select>
          </Field>
          <Field label="Version">
            <input name="version" required maxLength={64} defaultValue={version ?? ''} autocomplete="off" />
          </Field>
          <Field
            label="Key"
            hint="A JWK Set with a private key that the platform trusts. It signs here and is not sent."
          >
            <input name="keys" type="file" accept=".json,application/json" required />
          </Field>
          <FormEnd does="Sign and approve" tone="primary" action={action} onCancel={() => setOpen(false)} />
        </form>
      </Dialog>
    </>
  );
}

/** What is new, and the command that approves it. */
function Review({
  tool,
  offered,
  onDone,
}: {
  readonly tool: Tool;
  readonly offered: object;
  readonly onDone: () => void;
}) {
  const manifest = approvableManifest(tool.manifest, offered);
  const changes = differences(tool.manifest as Record<string, unknown>, manifest).filter(
    ({ path }) => path !== '/version',
  );
  if (changes.length === 0) return <Empty>Its server says what is pinned again: compare the tool with it.</Empty>;
  return (
    <>
      <h3>What its server says now</h3>
      <Changes changes={changes} />
      <div class="form-actions">
        <Approve tool={tool} manifest={manifest} onDone={onDone} />
      </div>
    </>
  );
}

interface QuarantineProps {
  readonly tool: Tool;
  /** The newest first. */
  readonly versions: readonly Version[];
  readonly onDone: () => void;
}

/** What the server of a quarantined tool says now beside what is pinned, and the approval of it by a signature. */
export function Quarantine({ tool, versions, onDone }: QuarantineProps) {
  const [offered, setOffered] = useState<object | string | null>(null);
  const asking = useAction(async () => setOffered(offeredManifest(await connect(tool.name), nameAtServer(tool))));
  if (tool.status !== 'quarantined') return null;
  const found = quarantineOf(versions);
  return (
    <Section
      title="Quarantine"
      note="its server changed the definition, and calls are refused"
      actions={
        may('tool:admin') && (
          <button type="button" disabled={asking.isRunning} onClick={() => void asking.run()}>
            {asking.isRunning ? 'Asking…' : 'Ask its server'}
          </button>
        )
      }
    >
      {found !== null && (
        <p>
          <code class="code">{found.principal}</code>{' '}
          {found.created_at === null ? '' : `since ${dateTime(found.created_at)}`}
        </p>
      )}
      <p>
        {may('tool:admin')
          ? 'A new version approves it: read what its server says now, and sign it with a key that the platform trusts.'
          : 'An approval takes tool:admin.'}
      </p>
      {asking.error !== null && <ProblemNote error={asking.error} />}
      {typeof offered === 'string' && <p class="note note-bad">{offered}</p>}
      {offered !== null && typeof offered === 'object' && <Review tool={tool} offered={offered} onDone={onDone} />}
    </Section>
  );
}
