import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { ApiKeys } from '../parts/api-keys.tsx';
import { Budgets } from '../parts/budgets.tsx';
import { Directory } from '../parts/directory.tsx';
import { Chips, Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { TenantDialog } from '../parts/tenant-dialog.tsx';
import { type Resource, useResource } from '../parts/use-resource.ts';
import { limitsText } from '../state/budgets.ts';
import { may, mayAny, tenantId } from '../state/session.ts';

type Tenant = Schemas['Tenant'];

interface TenantsProps {
  readonly of: Resource<Schemas['TenantPage']>;
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** The tenants that the caller manages, with their settings. */
function Tenants({ of, selected, onSelect }: TenantsProps) {
  const [edited, setEdited] = useState<Tenant | 'new' | null>(null);
  const columns = [
    {
      head: 'tenant',
      cell: ({ tenant_id: id }: Tenant) => (
        <button type="button" class="plain" aria-pressed={id === selected} onClick={() => onSelect(id)}>
          {id}
        </button>
      ),
    },
    { head: 'name', cell: ({ name }: Tenant) => name },
    { head: 'state', cell: ({ status }: Tenant) => <Mark state={status} /> },
    { head: 'models', cell: ({ settings }: Tenant) => <Chips items={settings.models} /> },
    { head: 'budgets', cell: ({ settings }: Tenant) => settings.budgets.map(limitsText).join('; ') },
    { head: 'lane', cell: ({ settings }: Tenant) => settings.lane },
    {
      head: 'commands',
      cell: (tenant: Tenant) =>
        may(`identity:manage:${tenant.tenant_id}`) && (
          <button type="button" class="plain" onClick={() => setEdited(tenant)}>
            Change
          </button>
        ),
    },
  ];
  const actions = (
    <button type="button" onClick={() => setEdited('new')}>
      New tenant
    </button>
  );
  return (
    <Section title="Tenants" actions={actions}>
      <Loaded of={of} what="tenants">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>No tenant was created. A tenant that has keys exists with the default of each setting.</Empty>
          ) : (
            <Table
              caption="Tenants"
              rows={items}
              keyOf={(row) => row.tenant_id}
              columns={columns}
              isMarked={(row) => row.tenant_id === selected}
            />
          )
        }
      </Loaded>
      <TenantDialog
        tenant={edited}
        onClose={(isDone) => {
          setEdited(null);
          if (isDone) of.reload();
        }}
      />
    </Section>
  );
}

/** Tenants, budgets and credentials; a caller without `identity:` capabilities sees its own budgets. */
export function TenantsPage() {
  const manages = mayAny('identity');
  const [selected, setSelected] = useState(tenantId());
  const tenants = useResource('tenants', () => read(api.GET('/v1/tenants')), { when: manages });
  return (
    <Page title="Tenants & budgets" lead="Who may ask, with which keys, and how much is left.">
      {manages && <Tenants of={tenants} selected={selected} onSelect={setSelected} />}
      <Budgets key={`budgets ${selected}`} tenant={selected} />
      {manages && <ApiKeys key={`keys ${selected}`} tenant={selected} />}
      {manages && <Directory key={`directory ${selected}`} tenant={selected} />}
    </Page>
  );
}
