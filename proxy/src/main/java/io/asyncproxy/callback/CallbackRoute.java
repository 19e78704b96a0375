package io.asyncproxy.callback;

import io.asyncproxy.route.CallbackCheck;
import io.asyncproxy.route.Heard;
import io.asyncproxy.route.Message;
import java.util.function.Function;

/**
 * How the callbacks of a route are read.
 *
 * @param name the route's name
 * @param byId whether jobs are found by what the API calls them
 * @param check what callbacks have to prove
 * @param reader what they say
 * @param fetcher fetches results that they only name
 */
public record CallbackRoute(
    String name,
    boolean byId,
    CallbackCheck check,
    Function<Message, Heard> reader,
    CallbackIntake.Fetcher fetcher) {}
