import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from '../api/client.ts';
import { Field, textField } from '../parts/field.tsx';
import { Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { PageTurns } from '../parts/page-turns.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { usePages } from '../parts/use-pages.ts';
import { useResource } from '../parts/use-resource.ts';
import { capsulePage, installPage, priceText, queuePublishers } from '../state/capsules.ts';
import { capabilities, tenantId } from '../state/session.ts';
import { count, dateTime, shortId } from '../state/text.ts';

type Summary = Schemas['CapsuleSummary'];
type Install = Schemas['CapsuleInstall'];

const EVERY_MS = 10_000;
/** Installs of a tenant are at most as many. */
const INSTALLS_MAX = 200;

const Digest = ({ of }: { readonly of: string }) => (
  <span class="mono" title={of}>
    {shortId(of)}
  </span>
);

/** A capsule as a card: what it does, who publishes it and what it costs. */
const Card = ({ capsule, isInstalled }: { readonly capsule: Summary; readonly isInstalled: boolean }) => (
  <li class="capsule">
    <h3 class="capsule-name">
      <a href={capsulePage(capsule.capsule)}>{capsule.name}</a>
    </h3>
    <p class="quiet">
      {capsule.version} by {capsule.publisher}, {capsule.license}
    </p>
    <p>{capsule.description}</p>
    <p class="capsule-end">
      <strong>{priceText(capsule.price)}</strong>
      {isInstalled && <Mark state="installed" />}
    </p>
  </li>
);

interface SearchProps {
  readonly label: string;
  readonly placeholder: string;
  readonly does: string;
  readonly onSearch: (text: string) => void;
}

/** One field with a button, which searches when it is submitted. */
const Search = ({ label, placeholder, does, onSearch }: SearchProps) => (
  <form
    class="find"
    onSubmit={(event) => {
      event.preventDefault();
      onSearch(textField(event.currentTarget, 'text'));
    }}
  >
    <Field label={label}>
      <input name="text" maxLength={200} placeholder={placeholder} autocomplete="off" />
    </Field>
    <button type="submit">{does}</button>
  </form>
);

/** The capsules that every tenant can install. */
function Catalogue({ installs }: { readonly installs: readonly Install[] }) {
  const [words, setWords] = useState('');
  const { page, next, previous } = usePages(
    `capsules ${words}`,
    (cursor) => {
      const query = { ...(words !== '' && { q: words }), ...(cursor !== undefined && { cursor }) };
      return read(api.GET('/v1/marketplace/capsules', { params: { query } }));
    },
    EVERY_MS,
  );
  const pinned = new Set(installs.map(({ digest }) => digest));
  return (
    <Section title="Catalogue" note="the newest first">
      <Search label="Words" placeholder="name, description, keyword" does="Search" onSearch={setWords} />
      <Loaded of={page} what="capsules">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>No such capsule is listed.</Empty>
          ) : (
            <ul class="capsules">
              {items.map((each) => (
                <Card key={each.capsule} capsule={each} isInstalled={pinned.has(each.digest)} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <PageTurns previous={previous} next={next} />
    </Section>
  );
}

const queueColumns = [
  {
    head: 'capsule',
    cell: ({ capsule, name, version }: Summary) => (
      <a href={capsulePage(capsule)}>
        {name} {version}
      </a>
    ),
  },
  { head: 'publisher', cell: ({ publisher }: Summary) => publisher },
  { head: 'what it does', cell: ({ description }: Summary) => description },
  { head: 'price', cell: ({ price }: Summary) => priceText(price) },
  { head: 'digest', cell: ({ digest }: Summary) => <Digest of={digest} /> },
  { head: 'since', cell: ({ changed_at: at }: Summary) => (at === null ? '' : dateTime(at)) },
];

/** Resolves with the capsules of publishers that wait for reviews, the oldest first. */
async function readQueue(publishers: readonly string[]): Promise<readonly Summary[]> {
  const queues = publishers.map((publisher) =>
    read(api.GET('/v1/marketplace/capsules', { params: { query: { status: 'submitted', publisher } } })),
  );
  const found = (await Promise.all(queues)).flatMap(({ items }) => items);
  return found.toSorted((a, b) => (a.changed_at ?? '').localeCompare(b.changed_at ?? ''));
}

/** What waits for reviews: of the own tenant, of publishers that a capability names, and of one that is asked for. */
function Queue() {
  const [asked, setAsked] = useState('');
  const publishers = asked === '' ? queuePublishers(capabilities(), tenantId()) : [asked];
  const queue = useResource(`review queue ${publishers.join()}`, () => readQueue(publishers), { everyMs: EVERY_MS });
  return (
    <Section title="Review queue" note="the oldest first">
      <Search label="Publisher" placeholder={publishers.join(', ')} does="Show" onSearch={setAsked} />
      <Loaded of={queue} what="the review queue">
        {(items) =>
          items.length === 0 ? (
            <Empty>Nothing of {publishers.join(', ')} waits for a review.</Empty>
          ) : (
            <Table caption="Review queue" rows={items} keyOf={({ capsule }) => capsule} columns={queueColumns} />
          )
        }
      </Loaded>
    </Section>
  );
}

const installColumns = [
  { head: 'install', cell: ({ install }: Install) => <a href={installPage(install)}>{install}</a> },
  { head: 'capsule', cell: ({ capsule }: Install) => <a href={capsulePage(capsule)}>{capsule}</a> },
  { head: 'digest', cell: ({ digest }: Install) => <Digest of={digest} /> },
  {
    head: 'granted',
    kind: 'number' as const,
    cell: ({ granted, asks }: Install) => `${count(granted.length)} of ${count(asks.length)}`,
  },
  { head: 'price', cell: ({ price }: Install) => priceText(price) },
  { head: 'by', cell: ({ principal }: Install) => principal },
  { head: 'changed', cell: ({ changed_at: at }: Install) => (at === null ? '' : dateTime(at)) },
];

/** The marketplace: what is listed, what waits for reviews, and what the tenant has installed. */
export function CapsulesPage() {
  const installs = useResource(
    'capsule-installs',
    () =>
      read(api.GET('/v1/marketplace/installs', { params: { query: { status: 'installed', limit: INSTALLS_MAX } } })),
    { everyMs: EVERY_MS },
  );
  const items = installs.data?.items ?? [];
  return (
    <Page title="Capsules" lead="Jobs of agents, signed and reviewed, that tenants install with a grant of their own.">
      <Catalogue installs={items} />
      <Section title="Installs" note="of this tenant">
        <Loaded of={installs} what="installs">
          {() =>
            items.length === 0 ? (
              <Empty>Nothing is installed yet.</Empty>
            ) : (
              <Table caption="Installs" rows={items} keyOf={({ install }) => install} columns={installColumns} />
            )
          }
        </Loaded>
      </Section>
      <Queue />
    </Page>
  );
}
