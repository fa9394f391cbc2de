import type { Schemas } from '../../../../infra/client/api.ts';
import { api, write } from '../api/client.ts';
import { Dialog } from './dialog.tsx';
import { Field, textField } from './field.tsx';
import { ProblemNote } from './states.tsx';
import { useAction } from './use-action.ts';

type Tenant = Schemas['Tenant'];
type Limit = Schemas['BudgetLimitInput'];

const WINDOWS = ['session', 'day', 'total'] as const;

/** Returns the limits of the form: one window for each that has a limit. */
const limitsOf = (form: HTMLFormElement): Limit[] =>
  WINDOWS.flatMap((window) => {
    const tokens = textField(form, `${window}_tokens`);
    const cost = textField(form, `${window}_cost`);
    if (tokens === '' && cost === '') return [];
    return [{ window, tokens_max: tokens === '' ? null : Number(tokens), cost_max: cost === '' ? null : cost }];
  });

async function save(form: HTMLFormElement, before: Tenant | null): Promise<void> {
  const status = textField(form, 'status') === 'suspended' ? ('suspended' as const) : ('active' as const);
  const changed = { name: textField(form, 'name'), status, settings: { ...before?.settings, budgets: limitsOf(form) } };
  if (before === null) {
    const body = { ...changed, tenant_id: textField(form, 'tenant_id') };
    await write((header) => api.POST('/v1/tenants', { params: { header }, body }));
    return;
  }
  const { tenant_id, version } = before;
  const match = { 'if-match': `"${version}"` };
  await write((header) =>
    api.PUT('/v1/tenants/{tenant_id}', {
      params: { path: { tenant_id }, header: { ...match, ...header } },
      body: changed,
    }),
  );
}

const limitOf = (tenant: Tenant | null, window: string) =>
  tenant?.settings.budgets.find((limit) => limit.window === window);

interface TenantDialogProps {
  /** The tenant to change, `new` to create one, null for none. */
  readonly tenant: Tenant | 'new' | null;
  readonly onClose: (isDone: boolean) => void;
}

/** Creates a tenant, or changes its name, its state and its budgets. */
export function TenantDialog({ tenant, onClose }: TenantDialogProps) {
  const before = tenant === 'new' ? null : tenant;
  const action = useAction(save);
  const close = (isDone: boolean): void => {
    action.clear();
    onClose(isDone);
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (await action.run(event.currentTarget as HTMLFormElement, before)) close(true);
  };
  return (
    <Dialog
      title={before === null ? 'New tenant' : `Change ${before.tenant_id}`}
      isOpen={tenant !== null}
      onClose={() => close(false)}
    >
      <form onSubmit={(event) => void submit(event)}>
        {before === null && (
          <Field label="Id">
            <input name="tenant_id" required autocomplete="off" spellcheck={false} />
          </Field>
        )}
        <Field label="Name">
          <input name="name" required defaultValue={before?.name ?? ''} autocomplete="off" />
        </Field>
        <Field label="State" hint="Every gateway refuses a suspended tenant and ends its streams.">
          <select name="status" defaultValue={before?.status ?? 'active'}>
            <option>active</option>
            <option>suspended</option>
          </select>
        </Field>
        {WINDOWS.map((window) => (
          <fieldset key={window} class="form-row limits">
            <legend class="field-label">Budget, {window}</legend>
            <Field label="Tokens">
              <input
                name={`${window}_tokens`}
                type="number"
                min={0}
                step={1}
                defaultValue={limitOf(before, window)?.tokens_max ?? ''}
              />
            </Field>
            <Field label="Cost">
              <input
                name={`${window}_cost`}
                inputMode="decimal"
                pattern="\d+(\.\d+)?"
                defaultValue={limitOf(before, window)?.cost_max ?? ''}
              />
            </Field>
          </fieldset>
        ))}
        {action.error !== null && <ProblemNote error={action.error} />}
        <div class="form-actions">
          <button type="submit" class="primary" disabled={action.isRunning}>
            {before === null ? 'Create' : 'Change'}
          </button>
          <button type="button" onClick={() => close(false)}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
