package io.asyncproxy.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Jobs for tests, all made at one moment. */
public final class Jobs {
  /** When they are made. */
  public static final Instant CREATED = Instant.parse("2026-11-23T10:00:00Z");

  /** How long they may take and are kept: 15 min, 24 h, 7 d. */
  public static final Lifetimes LIFETIMES =
      new Lifetimes(Duration.ofMinutes(15), Duration.ofHours(24), Duration.ofDays(7));

  private static final RandomGenerator RANDOM = new Random(1);

  private Jobs() {}

  public static JobId id() {
    return JobId.create(CREATED.toEpochMilli(), RANDOM);
  }

  /** A submission of a job that a client is held for until {@code holdUntil}, if that is given. */
  public static Submission submission(Optional<Instant> holdUntil) {
    return new Submission(
        id(), "a@b.c", "{\"account\":\"a@b.c\"}".getBytes(UTF_8), CREATED, holdUntil);
  }

  public static Job accepted() {
    return Job.accepted(submission(Optional.empty()), CREATED.plusSeconds(30));
  }

  public static Job starting() {
    return Job.starting(submission(Optional.empty()), CREATED.plusSeconds(35));
  }

  /** A job in {@code state} at {@code attempts}, with nothing else to it. */
  public static Job in(JobState state, int attempts, Optional<Instant> startedAt) {
    return at(submission(Optional.empty()), state, attempts, startedAt);
  }

  /** The same of a certain submission. */
  public static Job at(
      Submission submission, JobState state, int attempts, Optional<Instant> startedAt) {
    return new Job(
        submission,
        state,
        attempts,
        CREATED.plusSeconds(30),
        startedAt,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  public static Result result(String body) {
    return new Result(body.getBytes(UTF_8), false);
  }

  public static Failure failure(Failure.Reason reason) {
    return new Failure(reason, "because");
  }

  public static Attempt attempt(int number) {
    return new Attempt(number, CREATED, "busy", "The job server is busy");
  }
}
