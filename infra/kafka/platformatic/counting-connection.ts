import {
  type Callback,
  Connection,
  type ConnectionOptions,
  protocolAPIsById,
  type ResponseParser,
  type Writer,
} from '@platformatic/kafka';
import type { OnRequest } from '../request-count.ts';

/** A connection that reports each request when it is sent. */
export class CountingConnection extends Connection {
  readonly #onRequest: OnRequest;

  constructor(clientId: string, options: ConnectionOptions, onRequest: OnRequest) {
    super(clientId, options);
    this.#onRequest = onRequest;
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
    super.send(api, version, payload, parser, requestTags, responseTags, callback);
  }
}
