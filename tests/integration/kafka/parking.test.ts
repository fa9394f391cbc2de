import { pino } from 'pino';
import { PlatformaticLog } from '../../../infra/kafka/platformatic/log.ts';
import { brokers, openLog } from './open-log.ts';
import { describeParking } from './parking-suite.ts';

const options = { clientId: 'khipu-test', logger: pino({ level: 'silent' }), replicationFactor: 1 };

describeParking('kafkajs', openLog);
describeParking('platformatic', () => new PlatformaticLog({ ...options, brokers: brokers() }));
