import { onTestFinished } from 'vitest';
import type { Topology } from '../../../streams/kernel.ts';
import { readWhole } from '../../kafka/contract/testing.ts';
import { MemoryBroker } from '../../kafka/memory/broker.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import type { DecidedTransaction } from '../../kafka/memory/transactions.ts';
import { runTopology, type TopologyRunner } from '../processor/runner.ts';
import { type ChainNames, chain, homeOf, prepareChain, textIn } from './chain.ts';
import { ask, command, dependenciesOf, localDecoder } from './processors.ts';

const decoder = localDecoder();

/**
 * Returns a log with the topics of a chain, runners of its topology, and what it has written. The runners are closed when
 * the test has finished.
 */
export async function openChainLog(declare: (names: ChainNames) => Topology = chain) {
  const decided: DecidedTransaction[] = [];
  const broker = new MemoryBroker({ onDecided: (transaction) => void decided.push(transaction) });
  const log = new MemoryLog({ broker });
  const names = await prepareChain(log);
  const topology = declare(names);
  const runners: TopologyRunner[] = [];
  const appender = await log.appender();
  const start = (one: Topology = topology): TopologyRunner => {
    const runner = runTopology(one, dependenciesOf(log, decoder).dependencies);
    runners.push(runner);
    return runner;
  };
  const send = async (key: string, ...prompts: readonly string[]): Promise<void> => {
    const partition = homeOf(log, names, decoder, key);
    await appender.append(prompts.map((prompt) => ({ ...command(names, decoder, ask(key, prompt), key), partition })));
  };
  const textsOf = async (topic: string, key: string) =>
    (await readWhole(log, topic))
      .filter((each) => each.key === key)
      .map((each) => textIn(decoder.decodeSync(each).record));
  const turns = (key: string) => textsOf(names.turns.name, key);
  const close = async (): Promise<void> => void (await Promise.all(runners.splice(0).map((runner) => runner.close())));
  onTestFinished(close);
  return { log, names, topology, decided, start, close, send, appender, turns };
}
