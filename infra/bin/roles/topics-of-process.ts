import { carries } from '../../../schemas/codec.ts';
import { allTopics } from '../../../schemas/topics.ts';
import { all, declaredTopologies } from '../../../streams/all.ts';
import type { TopologyLayout } from '../../../streams/kernel.ts';
import { JOB_RUNNER } from '../../jobs/worker/module.ts';
import type { Rights } from '../../kafka/acl/grant.ts';
import { bindings } from '../bindings.ts';
import { isWorker } from './names.ts';
import { rightsOfOperator, rightsOfTopology, rightsOfWorker } from './rights.ts';

/**
 * Returns the names of the topics that a process of these processors and workers reads or writes. A process that writes
 * records which carry another one may write any record.
 */
export function topicsOfProcess(
  names: readonly string[],
  layout: TopologyLayout,
  runsQueues: boolean,
): readonly string[] {
  const workers = names.filter(isWorker);
  if (runsQueues) workers.push(JOB_RUNNER);
  const rights: readonly Rights[] = [
    ...declaredTopologies(layout)
      .filter(({ name }) => names.includes(name))
      .map(rightsOfTopology),
    ...workers.map((name) =>
      bindings[name].isOperator === true ? rightsOfOperator() : rightsOfWorker(all.workers[name], []),
    ),
  ];
  const written = new Set(rights.flatMap(({ writes = [] }) => writes));
  const writesCarriers = allTopics.some(
    ({ name, records }) => written.has(name) && Object.keys(records).some((record) => carries(record)),
  );
  if (writesCarriers) return allTopics.map(({ name }) => name);
  return [...written, ...rights.flatMap(({ reads = [] }) => reads)];
}
