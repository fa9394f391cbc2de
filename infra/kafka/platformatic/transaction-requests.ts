import { type API, createAPI, endTxnV3, type Reader, ResponseError, txnOffsetCommitV3 } from '@platformatic/kafka';
import { type ProduceApi, produceExplicit, produceImplicit } from './produce-request.ts';
import type { ProducerIdentity } from './producer.ts';

const END_TXN = 26;
const TXN_OFFSET_COMMIT = 28;

/** EndTxn, version 5: the coordinator raises the epoch at the end of each transaction and returns it. */
const endTxn = createAPI<Parameters<typeof endTxnV3.createRequest>, ProducerIdentity>(
  END_TXN,
  5,
  endTxnV3.createRequest,
  (_correlationId: number, key: number, version: number, reader: Reader): ProducerIdentity => {
    reader.readInt32(); // throttle time, ms
    const errorCode = reader.readInt16();
    const next = { producerId: reader.readInt64(), producerEpoch: reader.readInt16() };
    reader.readTaggedFields();
    if (errorCode !== 0) throw new ResponseError(key, version, { '/': [errorCode, null] }, { errorCode });
    return next;
  },
);

/** TxnOffsetCommit, version 5: the fields of version 3. */
const txnOffsetCommit = createAPI<
  Parameters<typeof txnOffsetCommitV3.createRequest>,
  txnOffsetCommitV3.TxnOffsetCommitResponse
>(TXN_OFFSET_COMMIT, 5, txnOffsetCommitV3.createRequest, txnOffsetCommitV3.parseResponse);

/** The requests of a transaction in one protocol. */
export interface TransactionRequests {
  /** True when partitions and the group join the transaction with their first write; no request announces them. */
  readonly implicit: boolean;
  readonly produce: ProduceApi;
  readonly commitOffsets: typeof txnOffsetCommitV3.api;
  /** Returns the identity for the next transaction of the id; the first protocol keeps it. */
  readonly end: API<Parameters<typeof endTxnV3.createRequest>, ProducerIdentity | endTxnV3.EndTxnResponse>;
}

/** Five requests to a transaction (KIP-98). */
const explicit: TransactionRequests = {
  ...{ implicit: false, produce: produceExplicit, commitOffsets: txnOffsetCommitV3.api, end: endTxnV3.api },
};

/** Three requests to a transaction (KIP-890, part 2). */
const implicit: TransactionRequests = {
  ...{ implicit: true, produce: produceImplicit, commitOffsets: txnOffsetCommit, end: endTxn },
};

/** Feature level of `transaction.version` from which brokers accept the second protocol: default since Kafka 4.0. */
const IMPLICIT_SINCE = 2;

/** Returns the requests for a cluster with that level of the feature `transaction.version`. */
export const requestsFor = (transactionVersion: number): TransactionRequests =>
  transactionVersion >= IMPLICIT_SINCE ? implicit : explicit;
