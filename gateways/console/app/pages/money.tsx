import { useState } from 'preact/hooks';
import type { Schemas } from '../../../../infra/client/api.ts';
import { API_PATH, api, read } from '../api/client.ts';
import { Field } from '../parts/field.tsx';
import { Mark } from '../parts/mark.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { TimeChart } from '../parts/time-chart.tsx';
import { useResource } from '../parts/use-resource.ts';
import { costByDay, type ModelSpend, monthsBefore, spendByModel } from '../state/spend.ts';
import { amount, count, dateTime } from '../state/text.ts';

type Usage = Schemas['Usage'];
type Credit = Schemas['Credit'];
type Line = Schemas['Invoice']['lines'][number];

/** Months that an invoice can be chosen from. */
const MONTHS = 12;
const ALL = '';

const models = [
  { head: 'model', cell: ({ model }: ModelSpend) => model },
  { head: 'requests', kind: 'number' as const, cell: ({ requests }: ModelSpend) => count(requests) },
  { head: 'tokens', kind: 'number' as const, cell: ({ tokens }: ModelSpend) => count(tokens) },
  { head: 'cost', kind: 'number' as const, cell: ({ cost, currency }: ModelSpend) => `${cost.toFixed(6)} ${currency}` },
];

const lines = [
  { head: 'what', cell: ({ resource }: Line) => <span class="mono">{resource}</span> },
  { head: 'meter', cell: ({ meter }: Line) => meter },
  { head: 'quantity', kind: 'number' as const, cell: ({ quantity }: Line) => count(quantity) },
  {
    head: 'unit price',
    kind: 'number' as const,
    cell: ({ unit_price: price }: Line) => (price === null ? '' : amount(price)),
  },
  { head: 'amount', kind: 'number' as const, cell: (line: Line) => `${amount(line.amount)} ${line.currency}` },
  {
    head: 'days',
    cell: ({ first_day: first, last_day: last }: Line) => (first === last ? first : `${first} to ${last}`),
  },
];

const creditColumns = [
  { head: 'Credit left', kind: 'number' as const, cell: ({ left }: Credit) => amount(left) },
  { head: 'topped up', kind: 'number' as const, cell: ({ topped_up: paid }: Credit) => amount(paid) },
  { head: 'drawn', kind: 'number' as const, cell: ({ drawn }: Credit) => amount(drawn) },
  { head: 'held by open requests', kind: 'number' as const, cell: ({ held }: Credit) => amount(held) },
];

/** Cost by day, of one model or of all, and by model. */
function Spend({ usage }: { readonly usage: Usage }) {
  const [chosen, setChosen] = useState(ALL);
  const spent = spendByModel(usage.items);
  const currency = spent[0]?.currency;
  if (currency === undefined) return <Empty>Nothing was used in these days.</Empty>;
  const names = [...new Set(spent.map(({ model }) => model))];
  const { times, values } = costByDay(usage, currency, chosen === ALL ? null : chosen);
  return (
    <>
      <div class="find">
        <Field label="Model">
          <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
            <option value={ALL}>all models</option>
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </Field>
      </div>
      <TimeChart
        label={`Cost by day in ${currency}, ${chosen === ALL ? 'all models' : chosen}; last ${values.at(-1) ?? 0}`}
        times={times}
        values={values}
        height={140}
      />
      <Table caption="Cost by model" rows={spent} keyOf={(row) => `${row.model} ${row.currency}`} columns={models} />
    </>
  );
}

const documentUrl = (period: string, kind: 'csv' | 'pdf', payer: string): string =>
  `${API_PATH}/v1/invoices/${period}/${kind}${payer === '' ? '' : `?payer=${encodeURIComponent(payer)}`}`;

/** The invoice of a month, with its documents. */
function InvoiceOf({ payer }: { readonly payer: string }) {
  const months = monthsBefore(Date.now(), MONTHS);
  const [period, setPeriod] = useState(months[0] ?? '');
  const query = payer === '' ? {} : { payer };
  const invoice = useResource(`invoice ${period} ${payer}`, () =>
    read(api.GET('/v1/invoices/{period}', { params: { path: { period }, query } })),
  );
  return (
    <Section title="Invoice">
      <div class="find">
        <Field label="Month">
          <select value={period} onChange={(event) => setPeriod(event.currentTarget.value)}>
            {months.map((month) => (
              <option key={month} value={month}>
                {month}
              </option>
            ))}
          </select>
        </Field>
        <a href={documentUrl(period, 'pdf', payer)} download={`invoice-${period}.pdf`}>
          PDF
        </a>
        <a href={documentUrl(period, 'csv', payer)} download={`invoice-${period}.csv`}>
          CSV
        </a>
      </div>
      <Loaded of={invoice} what="the invoice">
        {(body) => (
          <>
            <p>
              <Mark state={body.status} tone={body.status === 'final' ? 'good' : 'calm'} />{' '}
              <span class="quiet">as of {dateTime(body.as_of)}</span>{' '}
              {body.totals.map((total) => (
                <strong key={total.currency}>
                  {total.due} {total.currency}
                </strong>
              ))}
            </p>
            {body.lines.length === 0 ? (
              <Empty>No line in this month.</Empty>
            ) : (
              <Table
                caption="Lines of the invoice"
                rows={body.lines}
                keyOf={(line) =>
                  `${line.resource} ${line.meter} ${line.unit_price} ${line.currency} ${line.price_version}`
                }
                columns={lines}
              />
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

/** The prepaid credit of a tenant; a note for one that pays later. */
function CreditOf({ payer }: { readonly payer: string }) {
  const query = payer === '' ? {} : { payer };
  const credit = useResource(`credit ${payer}`, () => read(api.GET('/v1/credit', { params: { query } })));
  return (
    <Section title="Credit">
      <Loaded of={credit} what="the credit">
        {(body) =>
          body.prepaid ? (
            <Table
              caption={`Prepaid credit in ${body.currency}`}
              rows={[body]}
              keyOf={({ tenant }) => tenant}
              columns={creditColumns}
            />
          ) : (
            <Empty>Nothing was paid in advance: use is paid later.</Empty>
          )
        }
      </Loaded>
    </Section>
  );
}

/** What a tenant uses and owes. Another tenant than one's own takes a capability for it. */
export function MoneyPage() {
  const [payer, setPayer] = useState('');
  const query = payer === '' ? {} : { payer };
  const usage = useResource(`usage ${payer}`, () => read(api.GET('/v1/usage', { params: { query } })));
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setPayer(String(new FormData(event.currentTarget as HTMLFormElement).get('payer') ?? '').trim());
  };
  return (
    <Page title="Money" lead="What was used this month, and what it costs.">
      <form class="find" onSubmit={submit}>
        <Field label="Tenant">
          <input name="payer" placeholder="your own" autocomplete="off" />
        </Field>
        <button type="submit">Show</button>
      </form>
      <Section title="Spend by day" note="this month, as it was metered">
        <Loaded of={usage} what="use">
          {(body) => <Spend usage={body} />}
        </Loaded>
      </Section>
      <CreditOf payer={payer} />
      <InvoiceOf payer={payer} />
    </Page>
  );
}
