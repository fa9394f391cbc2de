import type { Span } from '../state/latency.ts';
import { duration, shareOf } from '../state/text.ts';

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

/** Where the time of a turn went, one bar a span on a common scale. */
export function Spans({ spans }: { readonly spans: readonly Span[] }) {
  const all = spans.at(-1)?.toMs ?? 0;
  return (
    <table class="spans">
      <caption class="hidden">Latencies</caption>
      <tbody>
        {spans.map(({ name, fromMs, toMs }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="bar-cell">
              <div class="span-scale" aria-hidden="true">
                <div
                  class="span-bar"
                  style={{ left: percent(shareOf(fromMs, all)), width: percent(shareOf(toMs - fromMs, all)) }}
                />
              </div>
            </td>
            <td class="number">{duration(toMs - fromMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
