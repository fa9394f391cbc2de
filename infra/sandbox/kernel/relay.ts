import { chmod } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { messageOf } from '../../kit/errors.ts';
import { SandboxError } from '../errors.ts';
import type { Stage } from '../stage.ts';

/** Path inside at which a program connects to the broker, in the variable of the same name. */
export const KHIPU_EGRESS_SOCKET = '/egress/broker.sock';
/** Connections of one program at once. */
const CONNECTIONS_MAX = 8;

/** The socket of one program. */
export interface EgressRelay {
  /** Folder of this machine that has the socket alone. */
  readonly folder: string;
  /** Ends every connection. */
  close(): void;
}

const joined = (broker: string): Socket => connect({ path: broker, allowHalfOpen: true });

/** Rejects with SANDBOX_START_FAILED when the broker does not answer. */
const requireBroker = (broker: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = joined(broker);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', (error) =>
      reject(new SandboxError('SANDBOX_START_FAILED', `the egress broker does not answer: ${messageOf(error)}`)),
    );
  });

/**
 * Opens a socket in the stage that leads to the broker alone. gVisor takes no open connection into a sandbox, and
 * its user cannot read the folder of the broker: the socket is the one file of a folder that it can.
 */
export async function openRelay(stage: Stage, broker: string): Promise<EgressRelay> {
  await requireBroker(broker);
  const folder = await stage.put('egress', {});
  const path = join(folder, 'broker.sock');
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (inside) => {
    const outside = joined(broker);
    for (const socket of [inside, outside]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    pipeline(inside, outside, () => undefined);
    pipeline(outside, inside, () => undefined);
  });
  server.maxConnections = CONNECTIONS_MAX;
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(path, listening);
  });
  await chmod(path, 0o666);
  await stage.own(folder);
  return {
    folder,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
