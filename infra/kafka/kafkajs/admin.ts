import kafkajs from 'kafkajs';
import type { GroupStatus, TopicAdmin } from '../admin.ts';
import type { Position } from '../port.ts';
import type { ClientOptions } from './client.ts';
import { PatientAdmin } from './patient-admin.ts';

// Node detects no named exports after the first computed one of a CommonJS module.
const { AssignerProtocol } = kafkajs;

/** Groups of one request: their coordinators answer them together. */
const GROUPS_MAX = 100;

/** The admin port over kafkajs, for both drivers. Opens no connection before the first use. */
export class KafkaJsAdmin implements TopicAdmin {
  readonly #admin: PatientAdmin;

  constructor(options: ClientOptions) {
    this.#admin = new PatientAdmin(options);
  }

  addPartitions(topics: readonly string[], total: number): Promise<void> {
    return this.#admin.ask(async (admin) => {
      const { topics: found } = await admin.fetchTopicMetadata({ topics: [...topics] });
      const smaller = found.filter(({ partitions }) => partitions.length < total);
      if (smaller.length === 0) return;
      await admin.createPartitions({ topicPartitions: smaller.map(({ name }) => ({ topic: name, count: total })) });
    });
  }

  async deleteBefore(positions: readonly Position[]): Promise<void> {
    for (const [topic, places] of Map.groupBy(positions, (position) => position.topic)) {
      const partitions = places.map(({ partition, offset }) => ({ partition, offset: String(offset) }));
      await this.#admin.ask(async (admin) => {
        // The client looks up the leaders before it has loaded the metadata of the topic; this request loads it.
        await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({ topic, partitions });
      });
    }
  }

  async groups(): Promise<readonly GroupStatus[]> {
    const { groups } = await this.#admin.ask((admin) => admin.listGroups());
    const names = groups.map(({ groupId }) => groupId);
    const statuses: GroupStatus[] = [];
    for (let at = 0; at < names.length; at += GROUPS_MAX) {
      const asked = await this.#admin.ask((admin) => admin.describeGroups(names.slice(at, at + GROUPS_MAX)));
      for (const { groupId, members } of asked.groups) {
        const topics = members.flatMap(({ memberMetadata }) => topicsIn(memberMetadata));
        statuses.push({ name: groupId, subscribed: [...new Set(topics)] });
      }
    }
    return statuses;
  }

  async topicsOf(group: string): Promise<readonly string[]> {
    const offsets = await this.#admin.ask((admin) => admin.fetchOffsets({ groupId: group }));
    return offsets
      .filter(({ partitions }) => partitions.some(({ offset }) => Number(offset) >= 0))
      .map(({ topic }) => topic);
  }

  close(): Promise<void> {
    return this.#admin.close();
  }
}

/** Returns the topics of a subscription. It is empty while the group waits for its members. */
const topicsIn = (metadata: Buffer): readonly string[] =>
  metadata.length === 0 ? [] : (AssignerProtocol.MemberMetadata.decode(metadata)?.topics ?? []);
