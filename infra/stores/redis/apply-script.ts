/**
 * Applies a batch of hash changes and advances the offsets of their records, atomically (Redis runs a script alone).
 *
 * KEYS[1]  hash of offsets, `<topic>/<partition>` → first offset that was not applied
 * ARGV[1]  JSON array of [place, expected, next]
 * ARGV[2]  JSON array of {k: key, o: offset, s: {field: value}?, a: {n: attempt, b: start, e: end, t: text}?, x: expiry in ms since 1970?}
 *
 * Returns nil on success, else the place whose offset differs from the expected one: then nothing was written.
 * A hash with an `offset` at or above the change's already has the change, and is skipped.
 * Numbers are strings: a Lua number would lose its last digits.
 */
export const APPLY_SCRIPT = `
local advances = cjson.decode(ARGV[1])
for _, advance in ipairs(advances) do
  if (redis.call('HGET', KEYS[1], advance[1]) or '0') ~= advance[2] then return advance[1] end
end
for _, write in ipairs(cjson.decode(ARGV[2])) do
  local seen = redis.call('HGET', write.k, 'offset')
  if not seen or tonumber(seen) < tonumber(write.o) then
    redis.call('HSET', write.k, 'offset', write.o)
    if write.s then
      for field, value in pairs(write.s) do redis.call('HSET', write.k, field, value) end
    end
    if write.a then
      local attempt = tonumber(redis.call('HGET', write.k, 'attempt') or '0')
      local length = tonumber(redis.call('HGET', write.k, 'length') or '0')
      if write.a.n > attempt then
        redis.call('HSET', write.k, 'attempt', write.a.n, 'length', write.a.e, 'text', write.a.t, 'gap', write.a.b > 0 and '1' or '0')
      elseif write.a.n == attempt then
        local text = redis.call('HGET', write.k, 'text') or ''
        redis.call('HSET', write.k, 'length', write.a.e, 'text', text .. write.a.t)
        if write.a.b ~= length then redis.call('HSET', write.k, 'gap', '1') end
      end
    end
    if write.x then redis.call('PEXPIREAT', write.k, write.x) end
  end
end
for _, advance in ipairs(advances) do redis.call('HSET', KEYS[1], advance[1], advance[3]) end
return nil
`;
