import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../infra/local/home.ts';
import { type Block, blocksOf } from './blocks.ts';

/** Values that a reader fills in. */
export interface ReaderValues {
  readonly repository: string;
  /** URL of a model server, with its version. */
  readonly modelServer: string;
  readonly brokers: string;
  readonly registry: string;
  readonly database: string;
}

/** A stretch of the hour: a page, or some sections of it. */
interface Stretch {
  readonly page: string;
  readonly isIncluded?: (section: string) => boolean;
  /** Texts of the page that a reader replaces, in their order. */
  readonly fill?: (values: ReaderValues) => readonly (readonly [shown: string, value: string])[];
  /** Texts that the output of the stretch must have, beside those that the page shows. */
  readonly outputs?: readonly RegExp[];
}

const howTo = (name: string): string => `docs/how-to/${name}.md`;
const quickstart = 'docs/tutorials/quickstart.md';
const isStop = (section: string): boolean => section.endsWith('Stop');

/** The first hour: the quickstart, the README in the same clone, eight how-tos, and the end of the quickstart. */
export const stretches: readonly Stretch[] = [
  {
    page: quickstart,
    isIncluded: (section) => !isStop(section),
    fill: ({ repository }) => [['<this repository>', repository]],
    outputs: [/ALLOW +DENY/, /Paste one of these:/, /event: turn\.completed/],
  },
  { page: 'README.md', outputs: [/already running/, /ALLOW +DENY/, /event: turn\.completed/, /Khipu ready at/] },
  { page: howTo('give-a-team-a-key'), outputs: [/"key": ?"khp_/, /"key_id"/] },
  { page: howTo('set-a-budget'), outputs: [/"tokens_max": ?1000000/, /"window": ?"day"/] },
  { page: howTo('stop-everything'), outputs: [/"engaged": ?true/, /"engaged": ?false/] },
  { page: howTo('write-a-constitution'), outputs: [/30 of 30|tests? pass/, /1\.3\.0/] },
  { page: howTo('subscribe-from-another-language'), outputs: [/"record": "khipu\.conversation\.TurnCompleted"/] },
  { page: howTo('read-dead-letters'), outputs: [/ENVELOPE_INVALID/, /dropped 1 dead letter/] },
  {
    page: howTo('use-an-openai-server'),
    fill: ({ modelServer }) => [
      ['http://localhost:8000/v1', modelServer],
      ['KHIPU_SLM_API_KEY=…', 'KHIPU_SLM_API_KEY=a-key'],
      ['KHIPU_SLM_MODEL=…', 'KHIPU_SLM_MODEL=first-hour-7b'],
      ['KHIPU_SLM_MODELS=…', 'KHIPU_SLM_MODELS=first-hour-1b'],
    ],
    outputs: [/model: first-hour-7b \(openai\)/, /An answer of a model server\./],
  },
  {
    page: howTo('use-your-own-services'),
    fill: ({ brokers, registry, database }) => [
      ['kafka-1:9092,kafka-2:9092', brokers],
      ['https://registry.internal', registry],
      ['postgres://khipu:secret@db.internal/khipu', database],
    ],
    outputs: [/from the environment/],
  },
  { page: quickstart, isIncluded: isStop, outputs: [/Stopped in/, /Deleted .*\.khipu/] },
];

/** A block to run. */
export interface HourBlock extends Block {
  readonly page: string;
}

function filled(block: Block, fills: readonly (readonly [string, string])[]): Block {
  const text = fills.reduce((before, [shown, value]) => before.replace(shown, value), block.text);
  return { ...block, text };
}

/** Returns the blocks of a stretch. Throws when a page no longer has a text that the reader is to replace. */
export function blocksOfStretch(
  { page, isIncluded = () => true, fill }: Stretch,
  values: ReaderValues,
): readonly HourBlock[] {
  const blocks = blocksOf(page, readFileSync(join(projectRoot, page), 'utf8')).filter(({ section }) =>
    isIncluded(section),
  );
  const fills = fill?.(values) ?? [];
  const gone = fills.filter(([shown]) => !blocks.some(({ text }) => text.includes(shown)));
  if (blocks.length === 0 || gone.length > 0)
    throw new Error(`${page}: expected shell blocks with ${fills.map(([shown]) => shown).join(', ') || 'any text'}`);
  return blocks.map((block) => ({ ...filled(block, fills), page }));
}
