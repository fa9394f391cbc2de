import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type TakeMeasure, toolCallCompleted } from '../../schemas/generated/records.ts';
import { recordOf } from '../../schemas/testing.ts';
import { createDriver } from '../kernel/driver.ts';
import type { AnyRecord, RecordName } from '../kernel.ts';
import { allowed, denied } from '../testing.ts';
import { anomalyMeasures } from './anomaly-measures.ts';

/** Any record of the schema, with these fields. */
const like = (type: RecordName, data: object): AnyRecord => {
  const [sample] = fc.sample(recordOf(type), { numRuns: 1, seed: 1 });
  return { type, data: { ...sample?.data, ...data } } as AnyRecord;
};
/** Returns the measures of a record, and the record. */
function measuresOf(record: AnyRecord) {
  const driver = createDriver({ processors: [anomalyMeasures] });
  const { meta } = driver.append(record, { tenantId: 'demo', place: 'demo/0' });
  driver.run();
  return { meta, measures: driver.records('anomalies.measures').map((each) => each.record.data as TakeMeasure) };
}

it('a call is a measure of its tool, of the mix of tools, and of each host that it reached', () => {
  const request = (host: string | null, outcome = 'answered') => ({
    ...{
      method: 'GET',
      host,
      path: '/',
      pathDigest: '',
      address: null,
      status: 200,
      requestBytes: 0,
      responseBytes: 0,
    },
    ...{ durationMs: 1, outcome, code: null },
  });
  const requests = [
    request('a.example:443'),
    request('a.example:443'),
    request('b.example:443', 'refused'),
    request(null),
  ];
  const { type } = toolCallCompleted({} as never);
  const { meta, measures } = measuresOf(like(type, { toolId: 'demo/pay', requests }));
  const { id: recordId, topic, partition, offset } = meta;
  const source = { recordId, topic, partition, offset };
  expect(measures).toMatchObject([
    { seriesId: 'demo/calls/demo/pay', value: 1, source },
    { seriesId: 'demo/mix/*', label: 'demo/pay', source },
    { seriesId: 'demo/hosts/demo/pay', label: 'a.example:443', source },
  ]);
});

it('use of a model is its tokens; a denial and a job count one; an allowed command counts nothing', () => {
  const tokensConsumed = { prompt: 7, completion: 2 };
  const of = (type: RecordName, data: object) =>
    measuresOf(like(type, data)).measures.map(({ seriesId, value }) => [seriesId, value]);
  expect(of('SlmMetered', { modelId: 'small', tokensConsumed })).toEqual([['demo/tokens/small', 9]]);
  expect(of('PolicyDecided', { decision: denied })).toEqual([['demo/denials/*', 1]]);
  expect(of('PolicyDecided', { decision: allowed })).toEqual([]);
  expect(of('JobAccepted', { type: 'adding', simulation: null })).toEqual([['demo/jobs/adding', 1]]);
});
