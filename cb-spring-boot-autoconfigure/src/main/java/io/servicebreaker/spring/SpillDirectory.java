package io.servicebreaker.spring;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where files are written with what the store could not take yet. Each application has a directory of its own, as it takes
 * all that it finds there for its own; and each user of a machine, as others could neither read nor delete its files.
 */
final class SpillDirectory {

    private static final String PROPERTY = StoreSettings.property("spill-directory");

    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    /** Bytes of a name, of which file systems allow some 255. */
    private static final int LONGEST_NAME = 200;

    /** Of a name that is too long, before its checksum. */
    private static final int BEGINNING = 100;

    private SpillDirectory() {}

    /** That of an application, in a directory of the configuration or else of temporary files. */
    static Path of(@Nullable String configured, String application) {
        try {
            Path parent = configured == null
                    ? Path.of(
                            System.getProperty("java.io.tmpdir"),
                            "service-breaker-" + fileName(System.getProperty("user.name")))
                    : Path.of(configured);
            return parent.resolve(fileName(application));
        } catch (InvalidPathException e) {
            throw unusable(String.valueOf(configured));
        }
    }

    /** Different for different names, and nothing but a name on any file system. */
    static String fileName(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            boolean inside = i > 0 && i < bytes.length - 1;
            if (isPlain(bytes[i], inside)) {
                escaped.append((char) bytes[i]);
            } else {
                escaped.append('%').append(HexFormat.of().toHexDigits(bytes[i]));
            }
        }
        return escaped.length() <= LONGEST_NAME
                ? escaped.toString()
                : escaped.substring(0, BEGINNING) + "%" + checksum(bytes);
    }

    private static boolean isPlain(byte character, boolean inside) {
        return PLAIN.indexOf(character) >= 0 || (inside && character == '.');
    }

    private static String checksum(byte[] name) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(name));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** Fails if no files can be written to it. */
    static void check(Path directory, @Nullable String configured) {
        Path existing = directory.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = Objects.requireNonNull(existing.getParent()); // the root is always there
        }
        if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
            throw unusable(configured == null ? directory.toString() : configured);
        }
    }

    private static InvalidPropertyException unusable(String directory) {
        return new InvalidPropertyException(
                PROPERTY,
                directory,
                "is not a directory that files can be written to",
                "Name one that this process may write to, or create.");
    }
}
