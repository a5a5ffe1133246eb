package io.servicebreaker.spring.jdbc;

import java.sql.SQLException;
import java.util.regex.Pattern;

/** The store cannot be used. The message says why in one line, for people who may not know its password. */
final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Of the states in which SQL says what went wrong: that a value is not one that it can keep. */
    private static final String DATA = "22";

    private static final Pattern SECRET = Pattern.compile("(?i)(password|pwd|user|username)=[^&;\\s]*");

    StoreException(String message) {
        super(message);
    }

    private StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the same will fail again, as there is something wrong with what was to be kept. */
    boolean isAboutData() {
        for (Throwable each = this; each != null; each = each.getCause()) {
            if (each instanceof SQLException failure
                    && failure.getSQLState() != null
                    && failure.getSQLState().startsWith(DATA)) {
                return true;
            }
        }
        return false;
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
