import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

interface TimeChartProps {
  /** Description of the chart and its latest value, for screen readers. */
  readonly label: string;
  /** Times in seconds since 1970, and one value for each. */
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** What was expected at each time, as a second line; null where it is not known. */
  readonly expected?: readonly (number | null)[];
  /** True for the times that are marked. */
  readonly marks?: readonly boolean[];
  /** Height in CSS pixels. */
  readonly height: number;
}

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function optionsOf(width: number, height: number): uPlot.Options {
  const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  return {
    ...{ width, height, legend: { show: false }, cursor: { show: false }, padding: [6, 4, 0, 0] },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [
      { ...axis, size: 22, font: '11px system-ui' },
      { ...axis, size: 34, font: '11px system-ui', space: 28 },
    ],
    series: [
      {},
      { stroke: colour('--thread'), width: 1.5, fill: colour('--thread-wash'), points: { show: false } },
      { stroke: colour('--quiet'), width: 1, dash: [4, 4], points: { show: false } },
      { stroke: colour('--bad'), width: 0, points: { show: true, size: 9, fill: colour('--bad') } },
    ],
  };
}

/** Returns the value at each marked time, for points above the line. */
const marked = (values: readonly number[], marks: readonly boolean[]): (number | null)[] =>
  values.map((value, at) => (marks[at] === true ? value : null));

const NONE: readonly never[] = [];

/** A line of one value over time, beside what was expected, with marks. Follows the width of its place, and the colours of the page. */
export function TimeChart({ label, times, values, expected = NONE, marks = NONE, height }: TimeChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const draw = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(Math.max(80, element.clientWidth), height), [[], [], [], []], element);
    };
    draw();
    const observer = new ResizeObserver(() =>
      plot.current?.setSize({ width: Math.max(80, element.clientWidth), height }),
    );
    observer.observe(element);
    scheme.addEventListener('change', draw);
    return () => {
      observer.disconnect();
      scheme.removeEventListener('change', draw);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [height]);

  useEffect(
    () =>
      plot.current?.setData([
        ...[[...times], [...values]],
        ...[values.map((_, at) => expected[at] ?? null), marked(values, marks)],
      ] as uPlot.AlignedData),
    [times, values, expected, marks],
  );

  return <div ref={place} class="chart" role="img" aria-label={label} style={{ height: `${height}px` }} />;
}
