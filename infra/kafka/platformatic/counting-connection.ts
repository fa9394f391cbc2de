import {
  type Callback,
  Connection,
  type ConnectionOptions,
  protocolAPIsById,
  type ResponseParser,
  type Writer,
} from '@platformatic/kafka';
import type { OnRequest } from '../request-count.ts';

/**
 * A connection that reports each request when it is sent. A request that fails as the connection closes gets the error of
 * the connection as its cause: a server refuses a certificate of TLS 1.3 only after the handshake.
 */
export class CountingConnection extends Connection {
  readonly #onRequest: OnRequest;
  #fault: Error | null = null;

  constructor(clientId: string, options: ConnectionOptions, onRequest: OnRequest) {
    super(clientId, options);
    this.#onRequest = onRequest;
    this.on('error', (error) => {
      this.#fault = error;
    });
  }

  override send<R>(
    api: number,
    version: number,
    payload: () => Writer | Promise<Writer>,
    parser: ResponseParser<R>,
    requestTags: boolean,
    responseTags: boolean,
    callback: Callback<R>,
  ): void {
    this.#onRequest(protocolAPIsById[api] ?? String(api));
    const answered: Callback<R> = (error, ...rest) => {
      if (error !== null && error.cause === undefined && this.#fault !== null) error.cause = this.#fault;
      callback(error, ...rest);
    };
    super.send(api, version, payload, parser, requestTags, responseTags, answered);
  }
}
