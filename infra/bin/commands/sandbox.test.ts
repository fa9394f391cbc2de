import { expect, it } from 'vitest';
import { reportLines } from './sandbox.ts';

it('shows tiers with what they lack, the user of sandboxes and the bound of their memory', () => {
  const absent = { tier: 'kernel', available: false, by: null, languages: [], lacks: ['x'], advice: ['y'] } as const;
  const there = {
    tier: 'process',
    available: true,
    by: 'bubblewrap 0.8.0',
    languages: ['javascript'],
    lacks: [],
    advice: [],
  } as const;
  expect(reportLines({ tiers: [there, absent], uid: 65_534, cgroup: null })).toEqual([
    'yes  process  bubblewrap 0.8.0; javascript',
    'no   kernel   not installed',
    '     lacks: x',
    '     to do: y',
    'sandboxes run as user 65534',
    'no control group can be made: memory of all processes together is sampled, not bounded by the kernel',
  ]);
  expect(reportLines({ tiers: [], uid: null, cgroup: 'v2' })).toEqual([
    'sandboxes run as the user of this process',
    'control groups v2 bound memory and processes together',
  ]);
});
