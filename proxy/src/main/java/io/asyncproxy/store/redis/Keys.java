package io.asyncproxy.store.redis;

import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.JobId;
import io.asyncproxy.store.Note;

/**
 * How the keys in Redis are called. All that belongs to a job, its idempotency key included,
 * carries one hash tag, so that a script can touch it in a Redis Cluster; there are 16 tags.
 *
 * <pre>
 * ap:{3}:job:ID   hash    the job; expires long after its retention, should nobody purge it
 * ap:{3}:his:ID   list    its history
 * ap:{3}:con:ID   list    results that came second
 * ap:{3}:key:...  string  the job of an idempotency key
 * ap:{3}:due      zset    unfinished jobs by when they have to be looked at
 * ap:{3}:exp      zset    finished jobs by when they are forgotten
 * ap:{3}:dead     zset    dead letters by when they were made
 * ap:{3}:all      zset    all jobs by when they were made
 * ap:{3}:note:KIND hash   notes by id; ap:{3}:noted:KIND, zset, by when they are due
 * ap:{3}:link:ID  string  the job that the job server calls so; ap:{3}:early:ID, set, notes about it
 * ap:secret:NAME  string  a secret
 * ap:{nodes}      zset    living nodes by when they were last seen; ap:{nodes}:info what they say
 * </pre>
 */
final class Keys {
  static final int SHARDS = 16;
  static final String NODES = "ap:{nodes}";
  static final String NODES_INFO = "ap:{nodes}:info";
  static final String PROBE = "ap:probe";

  private Keys() {}

  static int shard(JobId id) {
    return id.part() % SHARDS;
  }

  static String due(int shard) {
    return tag(shard) + "due";
  }

  static String expiry(int shard) {
    return tag(shard) + "exp";
  }

  static String dead(int shard) {
    return tag(shard) + "dead";
  }

  static String all(int shard) {
    return tag(shard) + "all";
  }

  static String job(JobId id) {
    return tag(shard(id)) + "job:" + id;
  }

  static String history(JobId id) {
    return tag(shard(id)) + "his:" + id;
  }

  static String conflicts(JobId id) {
    return tag(shard(id)) + "con:" + id;
  }

  /** The scope's length tells where it ends, whatever it holds. */
  static String idempotency(IdempotencyKey key) {
    return tag(key.part() % SHARDS)
        + "key:"
        + key.scope().length()
        + ':'
        + key.scope()
        + ':'
        + key.value();
  }

  /** All that is about the same thing is in one shard. */
  static int shard(String about) {
    return Math.floorMod(about.hashCode(), SHARDS); // the same in every process, as Java promises
  }

  static String notes(Note.Kind kind, int shard) {
    return tag(shard) + "note:" + kind;
  }

  static String notesDue(Note.Kind kind, int shard) {
    return tag(shard) + "noted:" + kind;
  }

  static String link(String about) {
    return tag(shard(about)) + "link:" + about;
  }

  static String early(String about) {
    return tag(shard(about)) + "early:" + about;
  }

  static String secret(String name) {
    return "ap:secret:" + name;
  }

  /** Where a node hears that a job has changed. */
  static String channel(String node) {
    return "ap:changed:" + node;
  }

  private static String tag(int shard) {
    return "ap:{" + shard + "}:";
  }
}
