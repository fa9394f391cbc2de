import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** Inodes of the sockets that listen on a port: proc(5), /proc/net/tcp; 0A is TCP_LISTEN. */
function listeningInodes(port: number): Set<string> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6'])
    try {
      for (const line of readFileSync(file, 'utf8').split('\n').slice(1)) {
        const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
        if (local?.endsWith(`:${hexPort}`) && state === '0A' && inode !== undefined) inodes.add(inode);
      }
    } catch {}
  return inodes;
}

/** Returns false for a process of another user: its files cannot be read. */
function holdsSocket(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? [];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    return false;
  }
}

function holderOnLinux(port: number): string | undefined {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return undefined;
  const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holdsSocket(name, inodes));
  if (pid === undefined) return undefined;
  const [command = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return `pid ${pid} (${path.basename(command)})`;
}

/** Uses lsof(8), which macOS includes: `p` and `c` begin the lines of pid and command. */
function holderByLsof(port: number): string | undefined {
  const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'];
  const output = execFileSync('lsof', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [, pid, command] = /^p(\d+)\nc(.*)$/m.exec(output) ?? [];
  return pid === undefined ? undefined : `pid ${pid} (${command})`;
}

/** Describes the process that listens on a port, `pid 123 (python3)`; `another process` when it is unknown. */
export function describeHolder(port: number): string {
  try {
    return (process.platform === 'linux' ? holderOnLinux(port) : holderByLsof(port)) ?? 'another process';
  } catch {
    return 'another process';
  }
}
