import { urlBelow } from '../../client/url.ts';
import { homeFiles, shortPath } from '../../local/home.ts';
import { allowedPrompt } from '../demo/prompts.ts';
import { pages } from '../open/pages.ts';
import { table } from '../show/style.ts';

/** Returns the lines after a start: three commands to paste, then the links. */
export function nextSteps(url: string, dir: string): string {
  const envFile = shortPath(homeFiles(dir).clientEnv);
  const [first] = Object.entries(pages);
  const open = first === undefined ? [] : [[`./khipu open ${first[0]}`, `${first[1].title}, in a browser`]];
  const links = Object.values(pages).map((page) => [urlBelow(url, page.path).href, page.title]);
  return [
    'Paste one of these:',
    table([
      [`./khipu ask '${allowedPrompt}'`, 'a governed turn'],
      ...open,
      ['npm stop', 'stops it and keeps the data'],
    ]),
    'Read on:',
    table([
      ...links,
      [envFile, 'the URL and an API key, for curl and your programs'],
      ['docs/tutorials/quickstart.md', 'all of it, step by step'],
    ]),
  ].join('\n');
}
