import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { type ConnectionOptions, createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { messageOf } from '../kit/errors.ts';
import type { TlsFiles } from './tls-files.ts';

/** Connections with files of ours use TLS 1.3 alone (RFC 8446). */
const VERSION = 'TLSv1.3';

const signatureOf = (file: string): string => {
  const { mtimeMs, size, ino } = statSync(file);
  return `${ino} ${size} ${mtimeMs}`;
};

/** When a certificate is valid, in ms since 1970. */
export interface Validity {
  readonly beginsAt: number;
  readonly endsAt: number;
}

const validityOf = ({ validFromDate, validToDate }: X509Certificate): Validity => ({
  beginsAt: validFromDate.getTime(),
  endsAt: validToDate.getTime(),
});

/**
 * The TLS context of some files, read again when one of them has changed: a new connection shows the new certificate, and
 * open ones go on. While the files do not fit together (a certificate is written, its key not yet), the last good context
 * stays in use, and `problem` says why.
 */
export class LiveContext {
  readonly files: TlsFiles;
  #signature: string | null = null;
  #context: SecureContext | null = null;
  #material: SecureContextOptions = {};
  #validity: Validity | null = null;
  #problem: string | null = null;

  constructor(files: TlsFiles) {
    this.files = files;
  }

  /** Returns the context. Throws when the files cannot be used, and never could. Stats each file, reads on a change. */
  current(): SecureContext {
    this.refresh();
    if (this.#context === null) throw new Error(`no usable certificate: ${this.#problem}`);
    return this.#context;
  }

  /** Returns the texts of the context in use, for a server. Throws like `current`. */
  material(): SecureContextOptions {
    this.current();
    return this.#material;
  }

  /** Reads changed files. Returns true when there is a new context. Never throws. */
  refresh(): boolean {
    try {
      const paths = Object.values(this.files).filter((file): file is string => file !== null);
      const signature = paths.map(signatureOf).join();
      if (this.#context !== null && signature === this.#signature) {
        this.#problem = null;
        return false;
      }
      this.#read();
      this.#signature = signature;
      this.#problem = null;
      return true;
    } catch (error) {
      this.#problem = messageOf(error);
      return false;
    }
  }

  #read(): void {
    const { ca, cert, key } = this.files;
    const text = (file: string): string => readFileSync(file, 'utf8');
    const own = cert === null ? null : text(cert);
    const material = {
      minVersion: VERSION,
      ...(ca !== null && { ca: text(ca) }),
      ...(own !== null && { cert: own }),
      ...(key !== null && { key: text(key) }),
    } as const;
    this.#context = createSecureContext(material);
    this.#material = material;
    this.#validity = own === null ? null : validityOf(new X509Certificate(own));
  }

  /** Reason why changed files are not in use; null when they are. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Validity of the certificate in use; null without a certificate. */
  get validity(): Validity | null {
    return this.#validity;
  }
}

const contexts = new Map<string, LiveContext>();

/** Returns the context of these files; one per process. */
export function liveContext(files: TlsFiles): LiveContext {
  const key = JSON.stringify([files.ca, files.cert, files.key]);
  const known = contexts.get(key) ?? new LiveContext(files);
  contexts.set(key, known);
  return known;
}

/** Returns true for files of which there is one: else Node's own defaults apply. */
const isGiven = ({ ca, cert }: TlsFiles): boolean => ca !== null || cert !== null;

/**
 * Returns the options of one new connection to `host`, whose certificate must name it. Call it for each connection.
 * Throws like `LiveContext.current`.
 */
export const connectionOptions = (files: TlsFiles, host: string): ConnectionOptions => ({
  host,
  ...(isIP(host) === 0 && { servername: host }),
  ...(isGiven(files) && { secureContext: liveContext(files).current() }),
});

/** Returns the same for drivers that keep one object and copy it into each connection: reading it reads the files. */
export function keptOptions(files: TlsFiles, host: string): ConnectionOptions {
  const server = isIP(host) === 0 ? { host, servername: host } : { host };
  if (!isGiven(files)) return server;
  // Spreading this object would read the files once and for all.
  return Object.defineProperty(server, 'secureContext', {
    enumerable: true,
    get: () => liveContext(files).current(),
  });
}
