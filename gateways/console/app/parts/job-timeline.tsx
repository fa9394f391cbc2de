import type { Timeline, TimelineBar } from '../state/job-timeline.ts';
import { duration, shareOf } from '../state/text.ts';
import { Mark } from './mark.tsx';

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

const barClass = ({ isWait, status }: TimelineBar): string =>
  ['span-bar', isWait ? 'span-wait' : '', status === 'failed' || status === 'attempted' ? 'span-bad' : '']
    .join(' ')
    .trim();

/** Steps and waits of a job or a run, one bar each on its time: a full bar runs, a hatched one waits. */
export const JobTimeline = ({ timeline: { bars, spanMs } }: { readonly timeline: Timeline }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
  // biome-ignore lint/a11y/useSemanticElements: a table is no landmark of its page
  <div class="table-frame" role="group" aria-label="Timeline" tabIndex={0}>
    <table class="timeline">
      <thead>
        <tr>
          <th scope="col">step</th>
          <th scope="col">kind</th>
          <th scope="col">state</th>
          <th scope="col">time, of {duration(spanMs)}</th>
          <th scope="col" class="number">
            took
          </th>
          <th scope="col">remark</th>
        </tr>
      </thead>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.key}>
            <th scope="row">{bar.href === undefined ? bar.name : <a href={bar.href}>{bar.name}</a>}</th>
            <td>{bar.kind}</td>
            <td>
              <Mark state={bar.status} />
              {bar.attempts > 1 && <span class="quiet"> ×{bar.attempts}</span>}
            </td>
            <td class="bar-cell">
              <div class="span-scale" aria-hidden="true">
                <div
                  class={barClass(bar)}
                  style={{
                    left: percent(shareOf(bar.fromMs, spanMs)),
                    width: percent(shareOf(bar.toMs - bar.fromMs, spanMs)),
                  }}
                />
              </div>
            </td>
            <td class="number">{duration(bar.toMs - bar.fromMs)}</td>
            <td>{bar.remark}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
