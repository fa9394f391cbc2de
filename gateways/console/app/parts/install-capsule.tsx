import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Schemas } from '../../../../infra/client/api.ts';
import { CAPSULE_NAME } from '../../../../schemas/contexts/capsules.ts';
import { api, write } from '../api/client.ts';
import { asksOf, installPage, priceText } from '../state/capsules.ts';
import { Dialog } from './dialog.tsx';
import { Field, textField } from './field.tsx';
import { FormEnd } from './form-end.tsx';
import { Grants, grantedIn } from './grants.tsx';
import { useAction } from './use-action.ts';

/** Names of installs; a browser wants the dash of a class escaped. */
const NAME_PATTERN = CAPSULE_NAME.source.slice(1, -1).replaceAll('-]', '\\-]');

/** A button with a question for the name and the grant of an install, which pins the digest that the page shows. */
export function InstallCapsule({
  capsule: { capsule, digest, name, price, asks, manifest },
}: {
  readonly capsule: Schemas['Capsule'];
}) {
  const [isOpen, setOpen] = useState(false);
  const { route } = useLocation();
  const action = useAction(async (body: Schemas['InstallCapsule']) => {
    const { install } = await write((header) => api.POST('/v1/marketplace/installs', { params: { header }, body }));
    setOpen(false);
    route(installPage(install));
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void action.run({ capsule, digest, name: textField(form, 'name'), granted: grantedIn(form) });
  };
  const all = asksOf({ asks, manifest });
  return (
    <>
      <button type="button" class="primary" onClick={() => setOpen(true)}>
        Install
      </button>
      <Dialog title={`Install ${name}`} isOpen={isOpen} onClose={() => setOpen(false)}>
        <form onSubmit={submit}>
          <p>
            Price: <strong>{priceText(price)}</strong>. The install pins sha256{' '}
            <span class="mono" title={digest}>
              {digest.slice(0, 12)}
            </span>
            .
          </p>
          <Field label="Name in this tenant">
            <input name="name" required pattern={NAME_PATTERN} defaultValue={name} autocomplete="off" />
          </Field>
          <Grants asks={all} chosen={all.filter(({ isNeeded }) => isNeeded).map(({ capability }) => capability)} />
          <FormEnd does="Install" tone="primary" action={action} onCancel={() => setOpen(false)} />
        </form>
      </Dialog>
    </>
  );
}
