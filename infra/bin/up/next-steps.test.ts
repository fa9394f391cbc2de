import { expect, test } from 'vitest';
import { projectRoot } from '../../local/home.ts';
import { pages } from '../open/pages.ts';
import { nextSteps } from './next-steps.ts';

const lines = nextSteps('http://127.0.0.1:8080', `${projectRoot}/.khipu`).split('\n');

test('a start ends with three commands to paste: ask, open, stop', () => {
  const [first = ''] = Object.keys(pages);
  expect(lines.slice(1, 4).map((line) => line.trim().split(/ {2,}/)[0])).toEqual([
    "./khipu ask 'Repeat this sentence: A khipu is a record made of knotted cords.'",
    `./khipu open ${first}`,
    'npm stop',
  ]);
});

test('the links are every page of the gateway, the env file and the quickstart', () => {
  const links = lines.slice(5).map((line) => line.trim().split(/ {2,}/)[0]);
  expect(links).toEqual([
    ...Object.values(pages).map(({ path }) => `http://127.0.0.1:8080/${path}`),
    '.khipu/client.env',
    'docs/tutorials/quickstart.md',
  ]);
});
