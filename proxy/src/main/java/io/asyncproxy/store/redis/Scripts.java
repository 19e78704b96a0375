package io.asyncproxy.store.redis;

import java.nio.charset.StandardCharsets;

/**
 * The scripts that change jobs: each a compare-and-set that Redis runs whole or not at all. Every
 * key that one touches is named to it; all of them have the same hash tag.
 *
 * @param text what Redis runs
 * @param sha its name, once Redis knows it
 */
record Scripts(String text, String sha) {

  /**
   * KEYS job due all [key]; ARGV id, wake, created, the key's owner as far as known, fields. Says
   * 1, or who owns the key.
   */
  static final Scripts ACCEPT =
      of(
          """
          if KEYS[4] then
            local owner = redis.call('GET', KEYS[4])
            if owner and owner ~= ARGV[4] then return owner end
            redis.call('SET', KEYS[4], ARGV[1])
          end
          redis.call('HSET', KEYS[1], unpack(ARGV, 5))
          redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
          redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
          return 1
          """);

  /**
   * KEYS job due exp dead his; ARGV id, states that it may be in, fence or '', new state, wake,
   * kind (0 unfinished, 1 decided, 2 dead letter), created, this node, history entry or '', history
   * kept, job server's id where none is known or '', how long the hash lives or '', how many fields
   * go, the fields, and pairs to set. Says 1 (done), 0 (no such job), or the job as it is. The
   * nodes that hold its clients hear its id, and with it the new state and the result where that is
   * the first pair and small: {@link News}.
   */
  static final Scripts APPLY =
      of(
          """
          local job = redis.call('HMGET', KEYS[1], 's', 'n', 'N')
          if not job[1] then return 0 end
          if not string.find(ARGV[2], job[1], 1, true) or (ARGV[3] ~= '' and ARGV[3] ~= job[2]) then
            return {redis.call('HGETALL', KEYS[1]), redis.call('LRANGE', KEYS[5], 0, -1),
              redis.call('ZSCORE', KEYS[2], ARGV[1]), redis.call('ZSCORE', KEYS[3], ARGV[1])}
          end
          local gone = tonumber(ARGV[13])
          if gone > 0 then redis.call('HDEL', KEYS[1], unpack(ARGV, 14, 13 + gone)) end
          redis.call('HSET', KEYS[1], 's', ARGV[4], unpack(ARGV, 14 + gone))
          if ARGV[11] ~= '' then redis.call('HSETNX', KEYS[1], 'j', ARGV[11]) end
          if ARGV[9] ~= '' then
            redis.call('RPUSH', KEYS[5], ARGV[9])
            redis.call('LTRIM', KEYS[5], -tonumber(ARGV[10]), -1)
          end
          if ARGV[6] == '0' then
            redis.call('ZADD', KEYS[2], ARGV[5], ARGV[1])
          else
            redis.call('ZREM', KEYS[2], ARGV[1])
            redis.call('ZADD', KEYS[3], ARGV[5], ARGV[1])
            if ARGV[6] == '2' then
              redis.call('ZADD', KEYS[4], ARGV[7], ARGV[1])
            else
              redis.call('ZREM', KEYS[4], ARGV[1])
            end
            redis.call('PEXPIRE', KEYS[1], ARGV[12])
            redis.call('PEXPIRE', KEYS[5], ARGV[12])
          end
          local news = ARGV[1]
          local result = ARGV[15 + gone]
          if ARGV[14 + gone] == 'r' and #result <= 16384 then
            news = news .. ARGV[4] .. result
          end
          for node in string.gmatch(job[3] or '', '[^,]+') do
            if node ~= ARGV[8] then redis.call('PUBLISH', 'ap:changed:' .. node, news) end
          end
          return 1
          """);

  /** KEYS job his due exp; ARGV id. Says everything of a job. */
  static final Scripts FIND =
      of(
          """
          local job = redis.call('HGETALL', KEYS[1])
          if #job == 0 then return 0 end
          return {job, redis.call('LRANGE', KEYS[2], 0, -1),
            redis.call('ZSCORE', KEYS[3], ARGV[1]), redis.call('ZSCORE', KEYS[4], ARGV[1])}
          """);

  /** KEYS due (or exp); ARGV now, lease, ids. Leases those that are still due, and says which. */
  static final Scripts CLAIM =
      of(
          """
          local claimed = {}
          for i = 3, #ARGV do
            local due = redis.call('ZSCORE', KEYS[1], ARGV[i])
            if due and tonumber(due) <= tonumber(ARGV[1]) then
              redis.call('ZADD', KEYS[1], ARGV[2], ARGV[i])
              claimed[#claimed + 1] = ARGV[i]
            end
          end
          return claimed
          """);

  /** KEYS job due; ARGV id, state or '', new time. Moves the time of an unfinished job. */
  static final Scripts MOVE =
      of(
          """
          if ARGV[2] ~= '' and redis.call('HGET', KEYS[1], 's') ~= ARGV[2] then return 0 end
          return redis.call('ZADD', KEYS[2], 'XX', ARGV[3], ARGV[1])
          """);

  /**
   * KEYS job his con due exp dead all [key]; ARGV id, now, whether only dead letters go. Forgets a
   * finished job whose time has come.
   */
  static final Scripts FORGET =
      of(
          """
          if ARGV[3] == '1' then
            if not redis.call('ZSCORE', KEYS[6], ARGV[1]) then return 0 end
          else
            local over = redis.call('ZSCORE', KEYS[5], ARGV[1])
            if not over or tonumber(over) > tonumber(ARGV[2]) then return 0 end
          end
          if KEYS[8] and redis.call('GET', KEYS[8]) == ARGV[1] then redis.call('DEL', KEYS[8]) end
          redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
          for i = 4, 7 do redis.call('ZREM', KEYS[i], ARGV[1]) end
          return 1
          """);

  /** KEYS job; ARGV node. The node hears of further changes. */
  static final Scripts FOLLOW =
      of(
          """
          local nodes = redis.call('HGET', KEYS[1], 'N')
          if nodes and not string.find(',' .. nodes .. ',', ',' .. ARGV[1] .. ',', 1, true) then
            redis.call('HSET', KEYS[1], 'N', nodes .. ',' .. ARGV[1])
          end
          return 1
          """);

  /** KEYS job con; ARGV most, entry. Keeps a result that came second. */
  static final Scripts CONFLICT =
      of(
          """
          if redis.call('EXISTS', KEYS[1]) == 1
              and redis.call('LLEN', KEYS[2]) < tonumber(ARGV[1]) then
            redis.call('RPUSH', KEYS[2], ARGV[2])
            local ttl = redis.call('PTTL', KEYS[1])
            if ttl > 0 then redis.call('PEXPIRE', KEYS[2], ttl) end
          end
          return 1
          """);

  /** KEYS nodes info; ARGV id, what it says or '' to leave, seconds. Says what all living say. */
  static final Scripts NODES =
      of(
          """
          local now = tonumber(redis.call('TIME')[1])
          if ARGV[2] ~= '' then
            redis.call('ZADD', KEYS[1], now, ARGV[1])
            redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
          elseif ARGV[1] ~= '' then
            redis.call('ZREM', KEYS[1], ARGV[1])
            redis.call('HDEL', KEYS[2], ARGV[1])
          end
          local dead = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[3]))
          for _, id in ipairs(dead) do
            redis.call('ZREM', KEYS[1], id)
            redis.call('HDEL', KEYS[2], id)
          end
          return redis.call('HVALS', KEYS[2])
          """);

  static Scripts of(String text) {
    return new Scripts(text, Sha1.hex(text));
  }

  /** Redis names scripts by SHA-1. */
  private static final class Sha1 {
    static String hex(String text) {
      try {
        return java.util.HexFormat.of()
            .formatHex(
                java.security.MessageDigest.getInstance("SHA-1")
                    .digest(text.getBytes(StandardCharsets.UTF_8)));
      } catch (java.security.NoSuchAlgorithmException everyJdkHasIt) {
        throw new IllegalStateException("SHA-1 is missing from this Java", everyJdkHasIt);
      }
    }
  }
}
