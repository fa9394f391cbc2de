import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { Chips, Mark } from './mark.tsx';
import { Section } from './page.tsx';
import { Empty, Loaded } from './states.tsx';
import { Table } from './table.tsx';
import { useResource } from './use-resource.ts';

type Principal = Pick<Schemas['User'], 'principal' | 'name' | 'status' | 'roles' | 'capabilities'>;

async function readDirectory(tenant: string) {
  const params = { query: { tenant } };
  const [users, accounts, roles] = await Promise.all([
    read(api.GET('/v1/users', { params })),
    read(api.GET('/v1/service-accounts', { params })),
    read(api.GET('/v1/roles', { params })),
  ]);
  const principals: readonly Principal[] = [...users.items, ...accounts.items];
  return { principals, roles: roles.items };
}

const principalColumns = [
  { head: 'principal', cell: ({ principal }: Principal) => principal },
  { head: 'name', cell: ({ name }: Principal) => name },
  { head: 'state', cell: ({ status }: Principal) => <Mark state={status} /> },
  { head: 'roles', cell: ({ roles }: Principal) => roles.join(', ') },
  { head: 'capabilities', cell: ({ capabilities }: Principal) => <Chips items={capabilities} /> },
];

const roleColumns = [
  { head: 'role', cell: ({ name }: Schemas['Role']) => name },
  { head: 'purpose', cell: ({ description }: Schemas['Role']) => description },
  { head: 'capabilities', cell: ({ capabilities }: Schemas['Role']) => <Chips items={capabilities} /> },
];

/** The users, service accounts and roles of a tenant. */
export function Directory({ tenant }: { readonly tenant: string }) {
  const found = useResource('directory', () => readDirectory(tenant));
  return (
    <Section title={`Users and roles of ${tenant}`}>
      <Loaded of={found} what="users and roles">
        {({ principals, roles }) => (
          <>
            {principals.length === 0 ? (
              <Empty>No user and no service account.</Empty>
            ) : (
              <Table
                caption="Users and service accounts"
                rows={principals}
                keyOf={(row) => row.principal}
                columns={principalColumns}
              />
            )}
            {roles.length > 0 && <Table caption="Roles" rows={roles} keyOf={(row) => row.name} columns={roleColumns} />}
          </>
        )}
      </Loaded>
    </Section>
  );
}
