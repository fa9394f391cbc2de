import { expect, it } from 'vitest';
import type { TurnFigure } from './figure.ts';
import { parseOptions, usage } from './options.ts';
import { FULL, QUICK } from './sizes.ts';

const figure = (parts: Record<string, string>, byDefault: boolean): TurnFigure => ({
  ...{ parts, byDefault },
  run: async () => [],
});
const figures = [figure({ turn: 'a turn', cpu: 'its cost' }, true), figure({ scale: 'a backlog' }, false)];

it('measures the default parts at full size without arguments', () => {
  const { sizes, parts, clients, form } = parseOptions([], figures);
  expect(Object.values(clients)).toEqual(['kafkajs', 'platformatic']);
  expect([...parts]).toEqual(['turn', 'cpu']);
  expect(sizes).toEqual(FULL);
  expect(form).toBe('text');
});

it('changes single sizes of a quick run', () => {
  const { sizes, parts, form, out } = parseOptions(
    ['--quick', '--rates', '7,9', '--turns', '1_000', '--only', 'scale,cpu', '--markdown', '--out', 'figures'],
    figures,
  );
  expect([...parts]).toEqual(['scale', 'cpu']);
  expect(sizes).toEqual({ ...QUICK, rates: [7, 9], turns: 1_000 });
  expect(form).toBe('markdown');
  expect(out).toBe('figures');
});

it.each([
  [['--only', 'turn,tunr'], 'PART_UNKNOWN'],
  [['--clients', 'kafkajs,librdkafka'], 'CLIENT_UNKNOWN'],
  [['--set', 'HOME=/tmp'], 'OPTION_INVALID'],
  [['--turns', '0'], 'OPTION_INVALID'],
  [['--rates', '5,fast'], 'OPTION_INVALID'],
  [['--tenants', '3'], 'ERR_PARSE_ARGS_UNKNOWN_OPTION'],
])('refuses %j with %s', (args, code) => {
  expect(() => parseOptions(args, figures)).toThrow(expect.objectContaining({ code }));
});

it('measures one client when it is named', () => {
  expect(parseOptions(['--clients', 'platformatic'], figures).clients).toEqual({ 'second driver': 'platformatic' });
});

it('passes settings on to the platforms', () => {
  const { settings } = parseOptions(['--set', 'KHIPU_LOG_LEVEL=warn', '--set', 'KHIPU_TOKEN_TTL_S=60'], figures);
  expect(settings).toEqual({ KHIPU_LOG_LEVEL: 'warn', KHIPU_TOKEN_TTL_S: '60' });
});

it('names every part in the help', () => {
  expect(usage(figures)).toContain('--only turn,cpu,scale');
  expect(usage(figures)).toMatch(/^\* turn .*a turn$/m);
  expect(usage(figures)).toMatch(/^ {2}scale .*a backlog$/m);
});
