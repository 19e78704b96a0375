# Prints the home of a JDK 25 or newer (JAVA_HOME, then PATH, then the usual places), or fails.
# Sourced by ./mvnw and ./async-proxy, so that both work where the default Java is older.
# With find_java a runtime without the compiler does as well, for the packages.

jdk_major() { # the major version of the JDK at $1, from its release file (no JVM is started)
  [ -x "$1/bin/java" ] && [ -x "$1/bin/${needed:-javac}" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

jdk_if_new_enough() {
  major=$(jdk_major "$1") || return 1
  [ "${major:-0}" -ge 25 ] && printf '%s\n' "$1"
}

find_jdk() {
  [ -n "${JAVA_HOME:-}" ] && jdk_if_new_enough "$JAVA_HOME" && return 0
  on_path=$(command -v java 2>/dev/null) && on_path=$(readlink -f "$on_path") &&
    jdk_if_new_enough "${on_path%/bin/java}" && return 0
  for pattern in /usr/lib/jvm /usr/java /opt/java /opt "${HOME:-/root}/.sdkman/candidates/java" "${HOME:-/root}/.jdks" \
    /Library/Java/JavaVirtualMachines; do
    [ -d "$pattern" ] || continue
    for home in $(find "$pattern" -mindepth 1 -maxdepth 1 2>/dev/null | sort -r); do
      jdk_if_new_enough "$home" && return 0
      jdk_if_new_enough "$home/Contents/Home" && return 0
    done
  done
  return 1
}

find_java() {
  needed=java
  find_jdk
}

jar_stamp() {
  stat -L -c '%s %Y' "$1" 2>/dev/null || stat -L -f '%z %m' "$1"
}

# Whether the start-up cache $2 was made of the jar $1: Java itself does not look.
cache_is_of() {
  [ -r "$2" ] && [ -r "$2.of" ] && [ "$(cat "$2.of")" = "$(jar_stamp "$1")" ]
}
