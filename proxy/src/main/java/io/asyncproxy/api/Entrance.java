package io.asyncproxy.api;

import io.asyncproxy.dispatch.Dispatcher;
import io.asyncproxy.dispatch.Lane;
import io.asyncproxy.hold.HoldSettings;
import io.asyncproxy.http.Bodies;
import io.asyncproxy.http.Caller;
import io.asyncproxy.http.Reply;
import io.asyncproxy.http.Request;
import io.asyncproxy.job.Result;

/** One way for requests to come in, and what differs by it. Of one event loop. */
public interface Entrance {

  /** The pattern of its path. */
  String path();

  /** Who starts its jobs. */
  Dispatcher dispatcher();

  /** Where they are started. */
  Lane lane();

  /** How long its clients are held. */
  HoldSettings hold();

  /** Fails with 415 where the body can't be what is wanted. */
  void requireType(Request request);

  /** What a client wants; fails with 400 or 403. */
  ProxyRequest read(Caller caller, Request request, byte[] body);

  /** How a result is answered. */
  Reply reply(Result result);

  /** {@code POST /proxy}. */
  record Default(Dispatcher dispatcher, Lane lane, HoldSettings hold) implements Entrance {
    @Override
    public String path() {
      return "/proxy";
    }

    @Override
    public void requireType(Request request) {
      Bodies.requireJson(request);
    }

    @Override
    public ProxyRequest read(Caller caller, Request request, byte[] body) {
      return ProxyRequest.parse(caller, request.headers(), body);
    }

    @Override
    public Reply reply(Result result) {
      return Reply.json(200, result.body());
    }
  }
}
