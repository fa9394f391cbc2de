import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { groupMembers, isSame, markOf, type ProcessMark } from '../../../infra/local/pids.ts';
import type { TestPlatform } from '../../support/platform.ts';

const isMark = (mark: ProcessMark | undefined): mark is ProcessMark => mark !== undefined;

/** Each process of the platform leads a group of its own; what it started is in there. */
const groupsOf = (platform: TestPlatform): number[] =>
  platform
    .processes()
    .map(({ mark }) => mark?.pid)
    .filter((pid) => pid !== undefined);

const commandsWith = (text: string): string[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text));

/** Stops the platform: the last of its file. */
export function describeNothingLeft(platform: () => TestPlatform): void {
  describe('a platform that is stopped', () => {
    test('leaves no process behind, though some of it had been killed and started again', async () => {
      const groups = groupsOf(platform());
      const marks = groups.flatMap(groupMembers).map(markOf).filter(isMark);
      expect(groups).toHaveLength(8);
      expect(marks.length).toBeGreaterThanOrEqual(groups.length);
      expect(commandsWith(platform().dir)).not.toEqual([]);
      await platform().stop();
      expect(marks.filter(isSame)).toEqual([]);
      expect(groups.flatMap(groupMembers)).toEqual([]);
      expect(commandsWith(platform().dir)).toEqual([]);
    });
  });
}
