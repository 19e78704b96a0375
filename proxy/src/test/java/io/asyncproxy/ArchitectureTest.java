package io.asyncproxy;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom ({@code docs/architecture.md}). Each rule was seen to fail once. */
class ArchitectureTest {
  private static final String ROOT = "io.asyncproxy";

  /** What each package may import of the others. The root wires them all together. */
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("job", Set.of()),
          Map.entry("json", Set.of()),
          Map.entry("headers", Set.of()),
          Map.entry("loop", Set.of()),
          Map.entry("settings", Set.of("signature")),
          Map.entry("store", Set.of("job")),
          Map.entry("store.memory", Set.of("job", "store")),
          Map.entry("store.embedded", Set.of("job", "store", "loop")),
          Map.entry("store.redis", Set.of("job", "store", "loop")),
          Map.entry("http", Set.of("job", "store", "json", "loop")),
          Map.entry("deadletter", Set.of("job", "store")),
          Map.entry(
              "admin",
              Set.of(
                  "http", "job", "json", "store", "deadletter", "telemetry", "timeline", "loop")),
          Map.entry("hold", Set.of("job", "store", "loop")),
          Map.entry("tls", Set.of("loop")),
          Map.entry("yaml", Set.of()),
          Map.entry("route", Set.of("job", "json", "settings", "signature", "yaml")),
          Map.entry(
              "dispatch",
              Set.of("job", "store", "loop", "json", "tls", "headers", "route", "trace")),
          Map.entry("tunnel", Set.of()),
          Map.entry("timeline", Set.of("job")),
          Map.entry("trace", Set.of("job")),
          Map.entry("telemetry", Set.of("job", "store", "http", "dispatch", "callback", "trace")),
          Map.entry("sweep", Set.of("job", "store", "loop")),
          Map.entry("signature", Set.of()),
          Map.entry("delivery", Set.of("http", "job", "store", "signature", "headers", "trace")),
          Map.entry("access", Set.of("http", "job", "settings")),
          Map.entry(
              "callback", Set.of("http", "job", "store", "json", "loop", "signature", "route")),
          Map.entry(
              "api",
              Set.of(
                  "http",
                  "job",
                  "store",
                  "json",
                  "loop",
                  "hold",
                  "dispatch",
                  "delivery",
                  "route",
                  "trace")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(AsyncProxy.class.getProtectionDomain().getCodeSource().getLocation());

  static Stream<String> packages() {
    return CLASSES.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> !name.equals(ROOT))
        .map(name -> name.substring(ROOT.length() + 1))
        .distinct();
  }

  @Test
  void everyPackageHasItsRow() {
    assertThat(new TreeSet<>(packages().toList()))
        .containsExactlyElementsOf(new TreeSet<>(MAY_IMPORT.keySet()));
  }

  @ParameterizedTest
  @MethodSource("packages")
  void packageKnowsOnlyWhomItMay(String name) {
    Set<String> known = new HashSet<>(Set.of(ROOT + '.' + name));
    MAY_IMPORT.getOrDefault(name, Set.of()).forEach(other -> known.add(ROOT + '.' + other));

    classes()
        .that()
        .resideInAPackage(ROOT + '.' + name)
        .should()
        .onlyDependOnClassesThat(
            describe(
                "are foreign or in " + known,
                other -> isForeign(other) || known.contains(other.getPackageName())))
        .check(CLASSES);
  }

  private static boolean isForeign(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName();
    return !name.equals(ROOT) && !name.startsWith(ROOT + '.');
  }

  @Test
  void jobsKnowTheJdkOnly() {
    classes()
        .that()
        .resideInAPackage("io.asyncproxy.job..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.asyncproxy.job..", "java..", "org.jspecify.annotations")
        .check(CLASSES);
  }

  @Test
  void storesAreKnownToTheWiringOnly() {
    classes()
        .that()
        .resideInAPackage("io.asyncproxy.store.*..")
        .should()
        .onlyHaveDependentClassesThat()
        .resideInAnyPackage("io.asyncproxy", "io.asyncproxy.store.*..")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    SlicesRuleDefinition.slices()
        .matching("io.asyncproxy.(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void nobodyReadsTheWallClockButThroughTheClockItWasGiven() {
    noClasses().should().accessTargetWhere(readsTheWallClock()).check(CLASSES);
  }

  private static DescribedPredicate<JavaAccess<?>> readsTheWallClock() {
    return describe(
        "reads the wall clock",
        access -> {
          String owner = access.getTargetOwner().getName();
          String member = access.getTarget().getName();
          boolean now = owner.startsWith("java.time.") && member.equals("now");
          boolean clock =
              (owner.equals("java.time.Clock") || owner.equals("java.time.InstantSource"))
                  && (member.startsWith("system") || member.startsWith("tick"));
          boolean millis = owner.equals("java.lang.System") && member.equals("currentTimeMillis");
          boolean date =
              owner.equals("java.util.Date")
                  && member.equals("<init>")
                  && access instanceof com.tngtech.archunit.core.domain.JavaConstructorCall call
                  && call.getTarget().getRawParameterTypes().isEmpty();
          return now || clock || millis || date;
        });
  }
}
