package io.asyncproxy.store.embedded;

import java.sql.SQLException;

/** Where tests let the disk fail; in production nothing ever does here. */
interface CommitFaults {
  /** No faults. */
  CommitFaults NONE = new CommitFaults() {};

  /** Before each write of a batch. */
  default void beforeWrite() throws SQLException {}

  /** When all of a batch is written, and nothing is committed. */
  default void beforeCommit() throws SQLException {}

  /** When a batch is durable, and nobody knows. */
  default void afterCommit() throws SQLException {}
}
