import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../checks/files.ts';
import { type PlantName, plants } from './plants.ts';

test.each(Object.keys(plants) as PlantName[])(
  'the text that the plant %s replaces stands once in its module',
  (name) => {
    const { module, replace } = plants[name];
    const source = readFileSync(join(projectRoot, module), 'utf8');
    for (const { found } of replace) expect(source.split(found), found).toHaveLength(2);
  },
);
