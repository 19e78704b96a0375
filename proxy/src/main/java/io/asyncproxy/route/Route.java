package io.asyncproxy.route;

import io.asyncproxy.job.Digest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One asynchronous API: where clients ask for it, and how it is started, calls back, is asked, and
 * its results are given to clients. Immutable.
 *
 * @param name its name
 * @param path where clients ask for it
 * @param account whose job a request is
 * @param origin scheme, host and port of the API, where it is started
 * @param start how a job is started
 * @param answer what the answer to a start means
 * @param callback what callbacks say
 * @param status how the API is asked for a job; empty where it can't be
 * @param fetch where the result is, where the callback only says that there is one
 * @param reply how clients are answered
 * @param limits how much of it is used
 * @param fingerprint the same for what is written the same, secrets included
 */
public record Route(
    String name,
    PathPattern path,
    Account account,
    URI origin,
    StartRule start,
    AnswerRule answer,
    CallbackRule callback,
    Optional<StatusRule> status,
    Optional<FetchRule> fetch,
    ReplyRule reply,
    RouteLimits limits,
    Digest fingerprint) {

  /** Whether {@code other} is written the same. */
  public boolean isSameAs(Route other) {
    return name.equals(other.name) && fingerprint.equals(other.fingerprint);
  }

  /** Whose job a request is. */
  public sealed interface Account {
    /** Always the same one's. */
    record Always(String name) implements Account {}

    /** What the request says there. */
    record In(Location location) implements Account {}
  }

  /**
   * What the answer to a start means.
   *
   * @param accepted statuses that mean that the job runs
   * @param results statuses that mean that the answer is the result already
   * @param id what the API calls the job; empty where it does not say
   */
  public record AnswerRule(Statuses accepted, Statuses results, Optional<Location> id) {}

  /**
   * What callbacks say.
   *
   * @param byId whether the API has one fixed URL, so that its id finds the job; else each job has
   *     an unforgeable URL
   * @param check what they have to prove
   * @param id what the API calls the job
   * @param state what its states mean
   * @param result which part is the result; all of the body where empty
   */
  public record CallbackRule(
      boolean byId,
      CallbackCheck check,
      Optional<Location> id,
      StateRule state,
      Optional<Location> result) {}

  /**
   * How the API is asked for a job.
   *
   * @param url where
   * @param every how often, from its start on; empty: once its callback is overdue
   * @param state what its states mean
   * @param result which part of the answer is the result; all of it where empty
   */
  public record StatusRule(
      Template url, Optional<Duration> every, StateRule state, Optional<Location> result) {}

  /**
   * Where the result is.
   *
   * @param url where; empty where the message itself names it
   * @param at where the message names it
   * @param hosts which hosts may be named besides the API's own
   * @param result which part of it is the result; all of it where empty
   * @param failures whether what is said of failed jobs is fetched, too, where {@code url} says
   *     where
   */
  public record FetchRule(
      Optional<Template> url,
      Optional<Location> at,
      List<String> hosts,
      Optional<Location> result,
      boolean failures) {}

  /**
   * How clients are answered.
   *
   * @param status the status with a result
   * @param failedStatus the status with the result of a job that failed
   * @param passHeaders which header fields of what brought the result are passed on
   */
  public record ReplyRule(int status, int failedStatus, List<String> passHeaders) {}
}
