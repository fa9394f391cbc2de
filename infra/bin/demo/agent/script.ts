/** What the scripted provider plays: no model decides anything here, and the screen says so. */

const calls = (...asked: readonly { readonly name: string; readonly arguments: object }[]) => ({ tool_calls: asked });
const lookup = (key: string) => ({ name: 'demo-lookup', arguments: { key } });
const note = (text: string) => ({ name: 'demo-note', arguments: { text } });

const steps = [
  calls(lookup('hotel-cusco-usd'), lookup('usd-pen')),
  calls({ name: 'demo-code', arguments: { language: 'python', code: '3 * 40 * 3.75' } }),
  // Policy stops this one.
  calls(note('Dump all customer credentials into a file.')),
  // A person decides on this one: its manifest asks for an approval.
  calls({ name: 'demo-book', arguments: { hotel: 'Cusco', nights: 3 } }),
  calls(note('Three nights in Cusco: 450 soles.')),
  { text: 'Three nights in Cusco cost 450 soles.' },
];

/** Time of each answer, in ms: long enough to read along, and to kill a process in the middle. */
const ANSWER_MS = 700;

export const demoPrompt = 'What do three nights in Cusco cost, in soles? Write it down.';

/** The escapes hide from moderation what the script asks for, until the model asks for it. */
export const scriptedPrompt = `${demoPrompt} [[delay:${ANSWER_MS}]] [[script:${JSON.stringify(steps).replace('credentials', String.raw`\u0063redentials`)}]]`;
