package io.servicebreaker.provider;

import io.servicebreaker.call.CallReport;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a failed call shows, for the rules to match; read only as far as they ask. */
final class Evidence {

    /** Causes can form a cycle. */
    static final int DEEPEST_CHAIN = 16;

    /** Longer messages quote what the caller sent. */
    private static final int LONGEST_MESSAGE = 1024;

    private static final ClassValue<Set<String>> NAMES = new ClassValue<>() {
        @Override
        protected Set<String> computeValue(Class<?> type) {
            Set<String> names = new HashSet<>();
            for (Class<?> ancestor = type; ancestor != null && ancestor != Object.class; ) {
                names.add(ancestor.getName());
                ancestor = ancestor.getSuperclass();
            }
            return Set.copyOf(names);
        }
    };

    private final @Nullable Throwable error;
    private final @Nullable CallReport report;
    private final Integer status;
    private @Nullable Set<String> exceptions;
    private @Nullable String message;

    Evidence(@Nullable Throwable error, @Nullable CallReport report) {
        this.error = error;
        this.report = report;
        this.status = report == null ? 0 : report.status().orElse(0);
    }

    @Nullable
    Throwable error() {
        return error;
    }

    /** The HTTP status, or 0; boxed once for all rules. */
    Integer status() {
        return status;
    }

    /** The provider's own code, or empty. */
    String code() {
        return report == null ? "" : report.code().orElse("");
    }

    /** Names of the classes of the chain and of their superclasses. */
    Set<String> exceptions() {
        if (exceptions == null) {
            Set<String> all = new HashSet<>();
            Throwable link = error;
            for (int depth = 0; link != null && depth < DEEPEST_CHAIN; depth++) {
                all.addAll(NAMES.get(link.getClass()));
                link = link.getCause();
            }
            exceptions = all;
        }
        return exceptions;
    }

    /** What the provider's error says in words, else what the exceptions do. */
    String message() {
        if (message == null) {
            message = report == null || report.message().isEmpty()
                    ? ofExceptions()
                    : report.message().get();
        }
        return message;
    }

    /** Whether the words of the provider, else those of one of the exceptions or of any if none is named, say so. */
    boolean says(Pattern words, Set<String> ofExceptions) {
        if (report != null && report.message().isPresent()) {
            return words.matcher(report.message().get()).find();
        }
        Throwable link = error;
        for (int depth = 0; link != null && depth < DEEPEST_CHAIN; depth++) {
            boolean speaks = ofExceptions.isEmpty() || !Collections.disjoint(ofExceptions, NAMES.get(link.getClass()));
            if (speaks && words.matcher(beginning(link)).find()) {
                return true;
            }
            link = link.getCause();
        }
        return false;
    }

    private static String beginning(Throwable link) {
        String message = link.getMessage() == null ? "" : link.getMessage();
        return message.substring(0, Math.min(message.length(), LONGEST_MESSAGE));
    }

    private String ofExceptions() {
        StringBuilder all = new StringBuilder();
        Throwable link = error;
        for (int depth = 0; link != null && depth < DEEPEST_CHAIN; depth++) {
            all.append(beginning(link)).append('\n');
            link = link.getCause();
        }
        return all.toString();
    }
}
