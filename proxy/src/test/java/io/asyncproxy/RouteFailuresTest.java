package io.asyncproxy;

import static io.asyncproxy.RunningProxy.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.ScriptedApi.Answer;
import org.junit.jupiter.api.Test;

/** Where a callback only says that a job ended, the API is asked how: also when it failed. */
class RouteFailuresTest extends RouteFixture {
  private void startBooks() throws Exception {
    variable("TOKEN", "t0p");
    start(
        """
        routes:
          books:
            start:
              url: ${API}/books
              callback: body:/notify
              set:
                body:/secret: ${TOKEN}
            answer: {id: body:/id}
            callback:
              id: body:/id
              state: body:/state
              completed: [done]
              failed: [failed]
            result: {url: "${API}/books/{id}", part: body:/book}
            reply: {failed-status: 422}
        """);
  }

  @Test
  void variablesAreReadInValuesThatAreNotQuoted() throws Exception {
    startBooks();
    post("/books", "{}");
    assertThat(api.next().json().getString("secret")).isEqualTo("t0p");
  }

  @Test
  void whatIsSaidOfFailedJobsIsFetchedWhereResultsAre() throws Exception {
    startBooks();
    var held = post("/books", "{}");
    String callback = api.next().json().getString("notify");
    String whole = "{\"id\":\"j1\",\"why\":\"no paper\"}";
    api.on(_ -> Answer.json(200, whole));
    assertThat(callBack(callback, "{\"id\":\"j1\",\"state\":\"failed\"}").statusCode())
        .isEqualTo(200);
    assertThat(api.next().uri()).isEqualTo("/books/j1");
    assertThat(get(held).statusCode()).isEqualTo(422);
    assertThat(get(held).body()).asString().isEqualTo(whole);
  }

  @Test
  void failuresAreToldByTheMessageWhereNothingElseIsSaid() throws Exception {
    startBooks();
    var held = post("/books", "{}");
    String callback = api.next().json().getString("notify");
    api.on(_ -> Answer.json(404, "{}"));
    String failed = "{\"id\":\"j1\",\"state\":\"failed\"}";
    assertThat(json(callBack(callback, failed)).getString("status")).isEqualTo("stored");
    assertThat(get(held).statusCode()).isEqualTo(422);
    assertThat(get(held).body()).asString().isEqualTo(failed);
  }

  @Test
  void nothingIsFetchedFromWhereTheIdIsMissing() throws Exception {
    startBooks();
    api.on(_ -> Answer.json(202, "{}"));
    var held = post("/books", "{}");
    String callback = api.next().json().getString("notify");
    assertThat(callBack(callback, "{\"state\":\"done\"}").statusCode()).isEqualTo(503);
    String failed = "{\"state\":\"failed\"}";
    assertThat(json(callBack(callback, failed)).getString("status")).isEqualTo("stored");
    assertThat(get(held).body()).asString().isEqualTo(failed);
    assertThat(api.waiting()).isZero();
  }

  @Test
  void anAnswerToTheStartThatIsAFailureIsToldWhole() throws Exception {
    start(
        """
        routes:
          quick:
            start: {url: "${API}/quick", callback: "body:/notify"}
            answer: {accepted: [202], result: [200]}
            callback: {state: "body:/state", failed: [failed], result: "body:/book"}
            reply: {failed-status: 422}
        """);
    String failed = "{\"state\":\"failed\",\"why\":\"no paper\"}";
    api.on(_ -> Answer.json(200, failed));
    var answer = get(post("/quick", "{}"));
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).asString().isEqualTo(failed);
  }
}
