import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { localRoles } from '../../../infra/bin/roles/local.ts';
import { groupMembers, isSame, markOf, type ProcessMark } from '../../../infra/local/process/pids.ts';
import type { TestPlatform } from '../../support/platform.ts';

const isMark = (mark: ProcessMark | undefined): mark is ProcessMark => mark !== undefined;

/**
 * Returns the process groups of the platform: each of its processes leads its own group, which contains its children.
 */
const groupsOf = (platform: TestPlatform): number[] =>
  platform
    .processes()
    .map(({ mark }) => mark?.pid)
    .filter((pid) => pid !== undefined);

const commandsWith = (text: string): string[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text));

/** Stops the platform; must run last in its file. */
export function describeProcessCleanup(platform: () => TestPlatform): void {
  describe('a stopped platform', () => {
    test('leaves no process behind, although some had been killed and restarted', async () => {
      const groups = groupsOf(platform());
      const marks = groups.flatMap(groupMembers).map(markOf).filter(isMark);
      // Kafka, the registry, Postgres, Redis, and a process for each role.
      expect(groups).toHaveLength(4 + localRoles(platform().env).length);
      expect(marks.length).toBeGreaterThanOrEqual(groups.length);
      expect(commandsWith(platform().dir)).not.toEqual([]);
      await platform().stop();
      expect(marks.filter(isSame)).toEqual([]);
      expect(groups.flatMap(groupMembers)).toEqual([]);
      expect(commandsWith(platform().dir)).toEqual([]);
    });
  });
}
