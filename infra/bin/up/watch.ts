import type { PlatformEvent } from '../../local/platform-event.ts';
import type { Progress } from '../../local/show/progress.ts';
import { createStartClock, type StartClock } from '../../local/show/start-report.ts';
import { chooseSlm, type SlmChoice } from '../../local/slm-choice.ts';
import { startEnvironment } from './environment.ts';
import type { UpOptions } from './options.ts';
import { createOutput } from './welcome.ts';

const programBegan = Date.now();

/** The output of a start. */
export interface StartWatch {
  readonly env: NodeJS.ProcessEnv;
  readonly slm: SlmChoice;
  readonly clock: StartClock;
  readonly progress: Progress;
  readonly onEvent: (event: PlatformEvent) => void;
  readonly onNote: (text: string) => void;
}

/** Begins the output of a start, with a note for each deviation from the defaults. */
export function watchStart(dir: string, { json, provider }: UpOptions): StartWatch {
  const progress = createOutput(json === true);
  const clock = createStartClock(process.env, programBegan);
  const onNote = (text: string): void => progress.note(`note: ${text}`);
  const { env, note } = startEnvironment(dir, process.env);
  const slm = chooseSlm(provider, env);
  for (const text of [note, slm.note]) if (text !== '') onNote(text);
  const onEvent = (event: PlatformEvent): void => {
    clock.event(event);
    progress.event(event);
  };
  return { env, slm, clock, progress, onEvent, onNote };
}
