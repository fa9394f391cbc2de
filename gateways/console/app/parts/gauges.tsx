import type { Gauge } from '../state/budgets.ts';

/** Share below which a budget is marked. */
const LOW = 0.15;

const GaugeBar = ({ gauge }: { readonly gauge: Gauge }) => (
  <li class="gauge">
    <p class="gauge-name">{gauge.name}</p>
    {gauge.share !== null && (
      <div class="gauge-scale" aria-hidden="true">
        <div
          class={gauge.share < LOW ? 'gauge-left gauge-low' : 'gauge-left'}
          style={{ width: `${gauge.share * 100}%` }}
        />
      </div>
    )}
    <p>
      {gauge.share === null ? (
        <>at most {gauge.maxText}</>
      ) : (
        <>
          <strong>{gauge.leftText}</strong> left of {gauge.maxText}
        </>
      )}
    </p>
  </li>
);

/** What is left of limits, one gauge each. */
export const Gauges = ({ items }: { readonly items: readonly Gauge[] }) => (
  <ul class="gauges">
    {items.map((gauge) => (
      <GaugeBar key={gauge.name} gauge={gauge} />
    ))}
  </ul>
);
