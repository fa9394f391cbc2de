import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { callOf, countTool, failsWith, forecastTool } from '../testing/provider-contract.ts';
import { callFormOf, jsonOrText } from './tool-grammar.ts';
import { plainMessages, readCalls } from './tool-prompt.ts';

const tools = [forecastTool, countTool];
const validOf = (changes: Parameters<typeof callOf>[1]) => {
  const form = callFormOf(callOf('', { tools, ...changes }));
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(form?.schema ?? 'false'));
  return { orText: form?.orText, accepts: (value: unknown) => validate(value) };
};
const callsOf = (...calls: readonly [string, object][]) => ({
  tool_calls: calls.map(([name, given]) => ({ name, arguments: given })),
});
const warm = { city: 'Cusco', indoors: true };

describe('the form of an answer of a local model with tools', () => {
  it('is a text or calls with the arguments of their tools', () => {
    const { orText, accepts } = validOf({});
    expect(orText).toBe(true);
    expect(accepts(callsOf(['forecast', warm], ['count_knots', { dyed: false }]))).toBe(true);
    expect(accepts(callsOf(['forecast', { city: 'Paris', indoors: true }]))).toBe(false);
    expect(accepts(callsOf(['other', {}]))).toBe(false);
    expect(accepts(callsOf())).toBe(false);
  });

  it('is one call of the named tool, calls where they are required, and null where they are not allowed', () => {
    const named = validOf({ toolChoice: { name: 'count_knots' } });
    expect(named.orText).toBe(false);
    expect(named.accepts(callsOf(['count_knots', { dyed: true }]))).toBe(true);
    expect(named.accepts(callsOf(['forecast', warm]))).toBe(false);
    expect(validOf({ toolChoice: 'required' }).orText).toBe(false);
    expect(callFormOf(callOf('', { tools, toolChoice: 'none' }))).toBeNull();
    expect(callFormOf(callOf(''))).toBeNull();
  });

  it('includes the asked form, and keeps definitions of the same name apart', () => {
    const withUnit = (unit: string) =>
      JSON.stringify({
        ...{ type: 'object', properties: { unit: { $ref: '#/$defs/unit' } }, required: ['unit'] },
        $defs: { unit: { enum: [unit] } },
      });
    const { orText, accepts } = validOf({
      tools: [
        { ...forecastTool, parameters: withUnit('kelvin') },
        { ...countTool, parameters: withUnit('knots') },
      ],
      format: { kind: 'json_schema', name: 'x', description: null, schema: withUnit('cords'), strict: true },
    });
    expect(orText).toBe(false);
    expect(accepts(callsOf(['forecast', { unit: 'kelvin' }], ['count_knots', { unit: 'knots' }]))).toBe(true);
    expect(accepts(callsOf(['forecast', { unit: 'knots' }]))).toBe(false);
    expect(accepts({ unit: 'cords' })).toBe(true);
    expect(accepts({ unit: 'knots' })).toBe(false);
  });

  it('is refused for arguments or a form without a grammar', () => {
    const parameters = '{"type": "object", "patternProperties": {}}';
    expect(() => callFormOf(callOf('', { tools: [{ ...forecastTool, parameters }] }))).toThrow(
      failsWith('SLM_TOOLS_UNSUPPORTED') as Error,
    );
    const format = { kind: 'json_schema', name: 'x', description: null, schema: '{"not": {}}', strict: true } as const;
    expect(() => callFormOf(callOf('', { tools, format }))).toThrow(failsWith('SLM_FORMAT_UNSUPPORTED') as Error);
  });

  it('lets a text begin with anything but a bracket and white space', () => {
    expect(jsonOrText('root ::= "{" x "}"\nx ::= "1"').split('\n')).toEqual([
      'root ::= json-answer | text-answer',
      'text-answer ::= [^{ \\t\\r\\n] [\\x00-\\U0010FFFF]*',
      'json-answer ::= "{" x "}"',
      'x ::= "1"',
    ]);
  });
});

describe('the prompt of a local model with tools', () => {
  it('describes the tools in the first system message, and tells calls and results as text', () => {
    const toolCalls = [{ id: 'c1', name: 'forecast', arguments: '{"city":"Cusco"}' }];
    const call = callOf('', {
      tools,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'How warm?' },
        { role: 'assistant', content: 'I look.', toolCalls },
        { role: 'tool', content: '17', toolCallId: 'c1' },
      ],
    });
    const [system, ...rest] = plainMessages(call);
    expect(system?.content).toMatch(/^Be brief\.\n\nYou can call these tools:\n- forecast: Returns the weather/);
    expect(rest).toEqual([
      { role: 'user', content: 'How warm?' },
      { role: 'assistant', content: 'I look.\n{"tool_calls":[{"name":"forecast","arguments":{"city":"Cusco"}}]}' },
      { role: 'user', content: 'Result of forecast: 17' },
    ]);
    expect(plainMessages({ ...call, toolChoice: 'none' })[0]).toEqual({ role: 'system', content: 'Be brief.' });
    expect(plainMessages({ ...callOf('Hi'), tools, toolChoice: 'required' })[0]?.content).toContain('Call a tool now.');
  });

  it('reads calls of an answer, with an id of each, and nothing else', () => {
    const calls = readCalls(JSON.stringify(callsOf(['forecast', warm], ['forecast', warm])), 'request-1');
    expect(calls).toEqual([
      { id: expect.stringMatching(/^call_[0-9a-f]{24}$/), name: 'forecast', arguments: JSON.stringify(warm) },
      { id: expect.not.stringMatching(calls?.[0]?.id ?? '-'), name: 'forecast', arguments: JSON.stringify(warm) },
    ]);
    for (const other of ['', 'Hello', '{"tool_calls": []}', '{"city": "Cusco"}', '{"tool_calls": [{"na'])
      expect(readCalls(other, 'request-1')).toBeNull();
  });
});
