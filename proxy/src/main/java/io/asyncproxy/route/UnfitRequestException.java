package io.asyncproxy.route;

/** What a client sent can't be made the request that a route wants; says why, to clients. */
public final class UnfitRequestException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String error;

  UnfitRequestException(String error) {
    super(error, null, false, false);
    this.error = error;
  }

  /** What is wrong, in a short sentence. */
  public String error() {
    return error;
  }
}
