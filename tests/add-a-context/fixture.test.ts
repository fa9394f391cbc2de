import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../checks/files.ts';
import { contextFiles, registeredFiles } from './tree.ts';

/** Bounds of the effort for a context with 3 commands, 5 events, a processor, a worker, a view and 4 routes. */
const FILES_MAX = 40;
const REGISTRATIONS_MAX = 4;

const page = readFileSync(join(projectRoot, 'docs/how-to/add-a-context.md'), 'utf8');
const files = contextFiles();
const registrations = registeredFiles();
const under = (folder: string) => files.filter((path) => path.startsWith(folder));
const textOf = (path: string): string => readFileSync(join(projectRoot, 'tests/fixtures/add-a-context', path), 'utf8');

describe('a complete context', () => {
  it(`takes at most ${FILES_MAX} files, of which at most ${REGISTRATIONS_MAX} are registrations`, () => {
    expect(files.length + registrations.length).toBeLessThanOrEqual(FILES_MAX);
    expect(registrations.length).toBeLessThanOrEqual(REGISTRATIONS_MAX);
  });

  it('has 3 commands, 5 events, work with its result, a processor, a worker, a view and 4 routes', () => {
    expect(under('schemas/avro/')).toHaveLength(3 + 5 + 2);
    const streams = under('streams/').map(textOf).join('\n');
    expect([streams.match(/= processor\(/g)?.length, streams.match(/= worker\(/g)?.length]).toEqual([1, 1]);
    expect(
      under('projections/')
        .map(textOf)
        .join('\n')
        .match(/= projection\(/g),
    ).toHaveLength(1);
    const routes = textOf('gateways/http/reminders/routes.ts');
    expect([routes.match(/= command\(/g)?.length, routes.match(/= endpoint\(/g)?.length]).toEqual([2, 2]);
  });

  it('adds files that do not exist, and edits files that do', () => {
    expect(files.filter((path) => existsSync(join(projectRoot, path)))).toEqual([]);
    expect(registrations.filter(({ path }) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });

  it('is listed in the page, file by file', () => {
    const listed = [...page.matchAll(/^\| `(.+)` \| (?:new|edited), \d+ lines/gm)].map(([, path]) => path);
    expect(listed).toEqual([...files, ...registrations.map(({ path }) => path)]);
  });

  it('is shown in the page from the fixture alone', () => {
    const shown = [...page.matchAll(/^<!-- from (\S+) -->$/gm)].map(([, path = '']) => path);
    expect(shown.filter((path) => !path.startsWith('tests/fixtures/add-a-context/'))).toEqual([]);
    const unshown = files.filter((path) => !shown.includes(`tests/fixtures/add-a-context/${path}`));
    expect(unshown.filter((path) => !/\.avsc$|\.test\.ts$/.test(path))).toEqual([]);
  });
});
