import { pino } from 'pino';
import { PlatformaticLog } from '../../../infra/kafka/platformatic/log.ts';
import { brokers } from './open-log.ts';
import { describeRunners } from './runner-suite.ts';

const options = { clientId: 'khipu-test', logger: pino({ level: 'silent' }), replicationFactor: 1 };

describeRunners('platformatic', () => new PlatformaticLog({ ...options, brokers: brokers() }));
