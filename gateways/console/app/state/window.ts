/** The part of a list of rows of equal height that is in view. */
export interface RowWindow {
  readonly first: number;
  /** Index behind the last row. */
  readonly end: number;
}

/** Rows above and below the view that are rendered too, so that a quick scroll shows no gap. */
const OVERSCAN = 6;

export interface View {
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
}

/** Returns the rows to render of a list of `count` rows. Sizes in CSS pixels. */
export function windowOf(count: number, { scrollTop, height, rowHeight }: View): RowWindow {
  const first = Math.max(0, Math.min(count, Math.floor(scrollTop / rowHeight) - OVERSCAN));
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + OVERSCAN);
  return { first, end: Math.max(first, end) };
}

/**
 * Returns the scroll position after `added` rows appeared above the view. A reader at the top follows new rows; one that
 * scrolled keeps the rows that it reads.
 */
export const anchored = (scrollTop: number, added: number, rowHeight: number): number =>
  scrollTop < rowHeight / 2 ? scrollTop : scrollTop + added * rowHeight;

/** Returns the scroll position that shows the row at `index`, moving as little as possible. */
export function revealing(index: number, { scrollTop, height, rowHeight }: View): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + height) return top + rowHeight - height;
  return scrollTop;
}
