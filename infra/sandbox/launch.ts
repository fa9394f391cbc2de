import type { Cgroup } from './cgroup.ts';

/** A command with its arguments and its environment. */
export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface Launch {
  /** User and group to become; null to stay. */
  readonly uid: number | null;
  /** Group to join; null for none. */
  readonly cgroup: Cgroup | null;
  /** False in tests alone. */
  readonly closesDescriptors: boolean;
  readonly env: Readonly<Record<string, string>>;
}

/** Highest descriptor that a launch hands on. */
const DESCRIPTOR_MAX = 5;

/** Node marks its own descriptors as not to be inherited; those that it was started with, beyond the first gap, are not marked. */
const CLOSE = `
for each in /proc/self/fd/*; do
  n=\${each##*/}
  if (( n > ${DESCRIPTOR_MAX} )); then eval "exec $n>&-"; fi
done
`;
const JOIN = 'for each in $KHIPU_CGROUPS; do echo $$ > "$each" || exit 125; done; unset KHIPU_CGROUPS\n';

/**
 * Returns the command that closes every inherited descriptor but 0 to 5, joins a control group, becomes another user, and then
 * is `argv`. The process and its id stay the same.
 */
export function launched({ uid, cgroup, closesDescriptors, env }: Launch, argv: readonly string[]): CommandLine {
  const script = `${closesDescriptors ? CLOSE : ''}${cgroup === null ? '' : JOIN}exec "$@"`;
  const become = uid === null ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--'];
  return {
    command: '/usr/bin/bash',
    args: ['--noprofile', '--norc', '-c', script, 'sandbox', ...become, ...argv],
    env: { ...env, PATH: '/usr/bin:/bin', ...(cgroup !== null && { KHIPU_CGROUPS: cgroup.joins.join(' ') }) },
  };
}
