import { openLog } from './open-log.ts';
import { describeRunners } from './runner-suite.ts';

describeRunners('kafkajs', openLog);
