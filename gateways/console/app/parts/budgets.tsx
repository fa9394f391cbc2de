import { api, read } from '../api/client.ts';
import { gaugesOf } from '../state/budgets.ts';
import { amount, count } from '../state/text.ts';
import { Gauges } from './gauges.tsx';
import { Fact } from './mark.tsx';
import { Section } from './page.tsx';
import { Empty, Loaded } from './states.tsx';
import { useResource } from './use-resource.ts';

const EVERY_MS = 5_000;

/** How much of each budget of a tenant is left. */
export function Budgets({ tenant }: { readonly tenant: string }) {
  const found = useResource('budgets', () => read(api.GET('/v1/budgets', { params: { query: { tenant } } })), {
    everyMs: EVERY_MS,
  });
  return (
    <Section title={`Budgets of ${tenant}`}>
      <Loaded of={found} what="budgets">
        {({ windows, held, requests_open: open, day }) => (
          <>
            {windows.length === 0 ? (
              <Empty>No limit: each request may use what the constitution allows.</Empty>
            ) : (
              <Gauges items={windows.flatMap(gaugesOf)} />
            )}
            <dl class="facts">
              <Fact label="day in UTC">{day}</Fact>
              <Fact label="open requests">{count(open)}</Fact>
              <Fact label="held for them">
                {count(held.tokens)} tokens, {amount(held.cost)}
              </Fact>
            </dl>
          </>
        )}
      </Loaded>
    </Section>
  );
}
