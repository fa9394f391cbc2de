import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { anchored, revealing, windowOf } from '../state/window.ts';

interface RowListProps {
  readonly label: string;
  readonly count: number;
  /** Rows that have appeared at the top in all; more of them move the rows below. */
  readonly seen: number;
  /** Height of each row, in CSS pixels; the same in the style sheet. */
  readonly rowHeight: number;
  readonly selected: number;
  readonly keyOf: (index: number) => string;
  readonly row: (index: number) => ComponentChildren;
  readonly onSelect: (index: number) => void;
  /** Called for Enter and a double click. */
  readonly onOpen: (index: number) => void;
}

const idOf = (key: string): string => `row-${key}`;

/**
 * A list of any number of rows of equal height, of which only those in view are in the page. Arrow keys, Home and End move
 * the selection, Enter opens it.
 */
export function RowList(props: RowListProps) {
  const { label, count, seen, rowHeight, selected, keyOf, row, onSelect, onOpen } = props;
  const frame = useRef<HTMLDivElement>(null);
  const seenBefore = useRef(seen);
  const [view, setView] = useState({ scrollTop: 0, height: 600 });

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setView({ scrollTop: element.scrollTop, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const element = frame.current;
    const added = seen - seenBefore.current;
    seenBefore.current = seen;
    if (element !== null && added > 0) element.scrollTop = anchored(element.scrollTop, added, rowHeight);
  }, [seen, rowHeight]);

  const moveTo = (index: number): void => {
    const next = Math.max(0, Math.min(count - 1, index));
    onSelect(next);
    const element = frame.current;
    if (element !== null) element.scrollTop = revealing(next, { ...view, scrollTop: element.scrollTop, rowHeight });
  };
  const page = Math.max(1, Math.floor(view.height / rowHeight) - 1);
  const moves: Readonly<Record<string, () => void>> = {
    ArrowDown: () => moveTo(selected + 1),
    ArrowUp: () => moveTo(selected - 1),
    PageDown: () => moveTo(selected + page),
    PageUp: () => moveTo(selected - page),
    Home: () => moveTo(0),
    End: () => moveTo(count - 1),
    Enter: () => selected >= 0 && onOpen(selected),
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = moves[event.key];
    if (move === undefined || count === 0) return;
    event.preventDefault();
    move();
  };

  const { first, end } = windowOf(count, { ...view, rowHeight });
  const isInView = selected >= first && selected < end;
  return (
    <div
      ref={frame}
      class="row-list"
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={isInView ? idOf(keyOf(selected)) : undefined}
      onKeyDown={onKeyDown}
      onScroll={({ currentTarget }) =>
        setView({ scrollTop: currentTarget.scrollTop, height: currentTarget.clientHeight })
      }
    >
      <div class="row-list-all" role="presentation" style={{ height: `${count * rowHeight}px` }}>
        {Array.from({ length: end - first }, (_, position) => {
          const index = first + position;
          const key = keyOf(index);
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus and names its active option
            // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox handles the keys of its options
            <div
              key={key}
              id={idOf(key)}
              class={index === selected ? 'row row-selected' : 'row'}
              role="option"
              aria-selected={index === selected}
              aria-setsize={count}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${index * rowHeight}px)` }}
              onClick={() => onSelect(index)}
              onDblClick={() => onOpen(index)}
            >
              {row(index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
