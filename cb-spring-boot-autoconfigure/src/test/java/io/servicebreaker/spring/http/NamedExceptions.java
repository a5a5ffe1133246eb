package io.servicebreaker.spring.http;

import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Exceptions of client libraries that are not on this class path. Rules know them by name, so a class of that name that
 * is compiled for the test is as good as theirs.
 */
final class NamedExceptions {

    private NamedExceptions() {}

    static Throwable create(ErrorFixture fixture) throws Exception {
        String name = fixture.exception();
        Class<?> type = exists(name) ? Class.forName(name) : compile(name);
        if (fixture.message() == null) {
            return (Throwable) type.getConstructor().newInstance();
        }
        try {
            return (Throwable) type.getConstructor(String.class).newInstance(fixture.message());
        } catch (NoSuchMethodException e) {
            return (Throwable)
                    type.getConstructor(String.class, Throwable.class).newInstance(fixture.message(), null);
        }
    }

    private static boolean exists(String name) {
        return NamedExceptions.class.getClassLoader().getResource(name.replace('.', '/') + ".class") != null
                || name.startsWith("java");
    }

    private static Class<?> compile(String name) throws Exception {
        int dot = name.lastIndexOf('.');
        String simple = name.substring(dot + 1);
        String source = "package %s; public class %s extends RuntimeException { public %s(String m) { super(m); } }"
                .formatted(name.substring(0, dot), simple, simple);
        Path folder = Files.createTempDirectory("named-exceptions");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file =
                new SimpleJavaFileObject(
                        URI.create("string:///" + name.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        compiler.getTask(null, null, null, List.of("-d", folder.toString()), null, List.of(file))
                .call();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            return loader.loadClass(name);
        }
    }
}
