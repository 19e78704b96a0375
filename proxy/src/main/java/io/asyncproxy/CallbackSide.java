package io.asyncproxy;

import io.asyncproxy.callback.CallbackHandler;
import io.asyncproxy.callback.CallbackIntake;
import io.asyncproxy.callback.CallbackToken;
import io.asyncproxy.callback.Correlation;
import io.asyncproxy.callback.Rejections;
import io.asyncproxy.dispatch.StartListener;
import io.asyncproxy.job.JobId;
import io.asyncproxy.loop.EventLoop;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.telemetry.Metrics;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/** The side where the job server calls back: its parts, and what finding jobs by id adds to it. */
final class CallbackSide {
  /** How long a start response may be behind its callback, beyond the time of an attempt. */
  private static final Duration EARLY_AT_MOST = Duration.ofSeconds(30);

  private final ProxySettings settings;
  private final CallbackToken tokens;
  private final JobStore store;
  private final InstantSource clock;
  private final Metrics metrics;
  private final CallbackIntake intake;
  private final Correlation correlation;

  /** A side whose later actions run on {@code loop}. */
  CallbackSide(
      ProxySettings settings,
      CallbackToken tokens,
      JobStore store,
      InstantSource clock,
      EventLoop loop,
      Metrics metrics) {
    this.settings = settings;
    this.tokens = tokens;
    this.store = store;
    this.clock = clock;
    this.metrics = metrics;
    this.intake = new CallbackIntake(tokens, store, settings.lifetimes(), clock);
    this.correlation =
        new Correlation(
            new Correlation.Surroundings(
                store.notes(),
                intake,
                clock,
                new SecureRandom(),
                settings.lifetimes(),
                settings.jobServer().timeout().plus(EARLY_AT_MOST),
                loop::later,
                metrics::orphaned));
  }

  CallbackIntake intake() {
    return intake;
  }

  CallbackHandler.Services services() {
    Rejections rejections =
        new Rejections(
            store.notes(), clock, settings.lifetimes().deadLetterRetention(), new SecureRandom());
    return new CallbackHandler.Services(
        settings.callbackAuth(), intake, correlation, rejections, metrics, clock);
  }

  /** Where {@code job} is called back, below {@code base}. */
  String url(String base, JobId job) {
    return isById() ? base : base + '/' + tokens.of(job);
  }

  /** Who hears of attempts: metrics, and who has to know what the job server calls each job. */
  StartListener starts() {
    return isById() ? new StartsById(correlation, metrics) : metrics;
  }

  /** A job was given up. */
  void givenUp(JobId job) {
    if (isById()) {
      store.find(job).onSuccess(found -> found.ifPresent(correlation::givenUp));
    }
  }

  /** Looks at what came early; in every mode, since there may have been another one before. */
  Future<Void> lookAtEarly() {
    return correlation.lookAtEarly();
  }

  private boolean isById() {
    return settings.callbackAuth().isById();
  }
}
