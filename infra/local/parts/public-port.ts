import { describeHolder } from './port-holder.ts';
import { claimPort, isPortFree, rememberedPorts, rememberPort } from './ports.ts';

/** PORT_TAKEN: an explicit port is in use. The message names its holder. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  readonly code = 'PORT_TAKEN';
}

export interface PublicPort {
  readonly port: number;
  /** The reason for an unusual port; empty for the usual or an explicit one. */
  readonly note: string;
}

export interface PublicPortWish {
  /** An explicit port, which must be free; 0 requests any. */
  readonly asked?: number | undefined;
  /** Used at the first start without an explicit port. */
  readonly usual?: number;
}

const name = 'gateway';
const otherwise = 'choose another with --port, or leave it out';

async function claimAsked(dir: string, port: number): Promise<void> {
  const [other] = Object.entries(rememberedPorts(dir)).find(([key, kept]) => key !== name && kept === port) ?? [];
  if (other !== undefined) throw new PortTaken(`port ${port} is kept for ${other} of this checkout: ${otherwise}`);
  if (!(await isPortFree(port))) throw new PortTaken(`port ${port} is held by ${describeHolder(port)}: ${otherwise}`);
  rememberPort(dir, name, port);
}

/**
 * Claims the port of the gateways and remembers it. Rejects with PortTaken when an explicit port is in use. Without one it
 * is the port of the last start, at first the usual one; while that is in use, another free one, and the note says so.
 */
export async function claimPublicPort(dir: string, { asked, usual = 8_080 }: PublicPortWish): Promise<PublicPort> {
  if (asked !== undefined && asked !== 0) {
    await claimAsked(dir, asked);
    return { port: asked, note: '' };
  }
  const last = rememberedPorts(dir)[name];
  const port = await claimPort(dir, name, asked ?? usual);
  if (asked === 0 || (port === usual && (last ?? usual) === usual)) return { port, note: '' };
  if (port === last) return { port, note: `port ${port}, as at the last start; --port chooses another` };
  const wanted = last === undefined ? `port ${usual}` : `port ${last}, that of the last start,`;
  return { port, note: `${wanted} is held by ${describeHolder(last ?? usual)}: ${port} is taken instead` };
}
