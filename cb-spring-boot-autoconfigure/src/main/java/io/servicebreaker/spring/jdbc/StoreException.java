package io.servicebreaker.spring.jdbc;

import java.sql.SQLException;
import java.util.regex.Pattern;

/** The store cannot be used. The message says why in one line, for people who may not know its password. */
final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final Pattern SECRET = Pattern.compile("(?i)(password|pwd|user|username)=[^&;\\s]*");

    StoreException(String message) {
        super(message);
    }

    private StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /** In the words of the database: those around it only say that something went wrong. */
    static StoreException of(RuntimeException failure) {
        Throwable reason = failure;
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof StoreException told) {
                return told;
            }
            if (each instanceof SQLException || !(reason instanceof SQLException)) {
                reason = each;
            }
        }
        String text = reason.getMessage() == null ? reason.toString() : reason.getMessage();
        String firstLine = text.strip().lines().findFirst().orElse("");
        return new StoreException(SECRET.matcher(firstLine).replaceAll("$1=***"), failure);
    }
}
