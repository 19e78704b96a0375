import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Gives classes from before Java 6 in a jar (picocli's) the class files of Java 8, with stack maps:
 * Java keeps older ones in no start-up cache, and checks them by the slow, old verifier at each
 * start. The code of their methods stays as it is, and so do the times of all entries.
 */
final class NewerClasses {
  private static final int JAVA_6 = 50;
  private static final int MAJOR_OFFSET = 6;

  private NewerClasses() {}

  public static void main(String[] arguments) throws IOException {
    Path jar = Path.of(arguments[0]);
    Path next = jar.resolveSibling(jar.getFileName() + ".next");
    try (JarFile in = new JarFile(jar.toFile());
        JarOutputStream out =
            new JarOutputStream(new BufferedOutputStream(Files.newOutputStream(next)))) {
      ClassFile format =
          ClassFile.of(
              ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
              ClassFile.ConstantPoolSharingOption.NEW_POOL,
              ClassFile.ClassHierarchyResolverOption.of(classesOf(in)));
      for (JarEntry entry : Collections.list(in.entries())) {
        byte[] bytes;
        try (InputStream content = in.getInputStream(entry)) {
          bytes = content.readAllBytes();
        }
        JarEntry copy = new JarEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        out.putNextEntry(copy);
        out.write(isOld(entry, bytes) ? newer(format, bytes) : bytes);
        out.closeEntry();
      }
    }
    Files.move(next, jar, StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isOld(JarEntry entry, byte[] bytes) {
    return entry.getName().endsWith(".class")
        && ((bytes[MAJOR_OFFSET] & 0xff) << 8 | bytes[MAJOR_OFFSET + 1] & 0xff) < JAVA_6;
  }

  private static byte[] newer(ClassFile format, byte[] bytes) {
    return format.transformClass(
        format.parse(bytes),
        ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
            .andThen(
                ClassTransform.endHandler(
                    made -> made.withVersion(ClassFile.JAVA_8_VERSION, 0))));
  }

  private static ClassHierarchyResolver classesOf(JarFile jar) {
    return ClassHierarchyResolver.ofResourceParsing(
            (ClassDesc wanted) -> {
              String name = wanted.descriptorString();
              JarEntry entry = jar.getJarEntry(name.substring(1, name.length() - 1) + ".class");
              try {
                return entry == null ? null : jar.getInputStream(entry);
              } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
              }
            })
        .orElse(ClassHierarchyResolver.defaultResolver());
  }
}
