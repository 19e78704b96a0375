package io.asyncproxy.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobNameTest {
  @Test
  void textIsReadBackAndAnotherOneForEachName() {
    Set<String> texts = new HashSet<>();
    List<String> ids = List.of("", "1", "@", "@@", "@r/1", "/", "r/1", "@r", "a b", "ü");
    for (String route : List.of("", "r", "r-2")) {
      for (String id : ids) {
        JobName name = new JobName(route, id);
        assertThat(JobName.of(name.text())).isEqualTo(name);
        assertThat(texts.add(name.text())).as(name.text()).isTrue();
      }
    }
  }
}
