-- Replaces an event's counts unless what is there is as new or newer.
--
-- KEYS: 1 counts (hash: version, commitId, roles as JSON)
-- ARGV: 1 version  2 commit id  3 roles as JSON  4 time to live in ms
-- Returns 1 when replaced, else 0.
local version = tonumber(redis.call('HGET', KEYS[1], 'version'))
if version and version >= tonumber(ARGV[1]) then
  return 0
end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'commitId', ARGV[2], 'roles', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
