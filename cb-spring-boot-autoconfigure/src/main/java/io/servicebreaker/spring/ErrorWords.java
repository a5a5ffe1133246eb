package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.provider.ErrorEvent;
import org.jspecify.annotations.Nullable;

/**
 * What an error says for itself. Immutable.
 *
 * @param detailed a code that is more precise than {@code code}
 */
public record ErrorWords(
        @Nullable String detailed,
        @Nullable String code,
        @Nullable String type,
        @Nullable String message) {

    static final ErrorWords NONE = new ErrorWords(null, null, null, null);

    /** Told in {@code type} while {@code code} goes into details, and the one that rules need. */
    private static final String NO_QUOTA = "insufficient_quota";

    ErrorWords detailed(@Nullable String newDetailed) {
        return new ErrorWords(newDetailed, code, type, message);
    }

    ErrorWords code(@Nullable String newCode) {
        return new ErrorWords(detailed, newCode, type, message);
    }

    ErrorWords type(@Nullable String newType) {
        return new ErrorWords(detailed, code, newType, message);
    }

    ErrorWords message(@Nullable String newMessage) {
        return new ErrorWords(detailed, code, type, newMessage);
    }

    /** A code that only repeats the status, as Azure's does, says less than the type. */
    @Nullable
    String decisive() {
        if (detailed != null) {
            return detailed;
        }
        boolean typeSaysMore = code == null || NO_QUOTA.equals(type) || isNumber(code);
        return typeSaysMore && type != null ? type : code;
    }

    /** The report of an answer with what the error adds to it. */
    CallReport addTo(CallReport report) {
        String decisive = decisive();
        CallReport withCode = decisive == null ? report : report.code(decisive);
        return message == null ? withCode : withCode.message(message);
    }

    /** The report of the answer that it would have been outside of a stream. */
    public CallReport asAnswer() {
        return addTo(CallReport.ofStatus(status()));
    }

    /** Where the code says nothing that is known, the type may. */
    private int status() {
        int byCode = ErrorEvent.status(detailed == null ? code : detailed);
        return byCode == ErrorEvent.status(null) ? ErrorEvent.status(type) : byCode;
    }

    private static boolean isNumber(String code) {
        return code.chars().allMatch(Character::isDigit);
    }
}
