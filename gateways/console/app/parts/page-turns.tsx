import type { Pages } from './use-pages.ts';

/** The ways to the page before and the next page; nothing for a list of one page. */
export const PageTurns = ({ previous, next }: Pick<Pages<unknown>, 'previous' | 'next'>) =>
  previous === null && next === null ? null : (
    <nav class="form-actions" aria-label="Pages of the list">
      <button type="button" disabled={previous === null} onClick={() => previous?.()}>
        Newer
      </button>
      <button type="button" disabled={next === null} onClick={() => next?.()}>
        Older
      </button>
    </nav>
  );
