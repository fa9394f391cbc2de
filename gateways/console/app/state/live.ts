import { signal } from '@preact/signals';
import { LiveFeed } from './live-feed.ts';

/** The feed of the live page. It keeps its turns while another page is open. */
export let feed = new LiveFeed();

/** Turn that the live page shows beside the list; null for none. */
export const selectedTurn = signal<string | null>(null);

/** Forgets all turns: the next caller may be of another tenant. */
export function forgetTurns(): void {
  feed = new LiveFeed();
  selectedTurn.value = null;
}
