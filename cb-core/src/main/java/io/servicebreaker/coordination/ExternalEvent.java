package io.servicebreaker.coordination;

import java.time.Instant;

/**
 * Something that happened elsewhere and may be why services fail.
 *
 * @param subject the service or provider that it is about; empty for all
 * @param text what happened, for people
 */
public record ExternalEvent(Type type, String subject, String text, Instant at) {

    /** What it may be the cause of. */
    public enum Type {
        /** Something of ours was changed: it may be us. */
        DEPLOYMENT,
        /** A provider says that it has trouble. */
        PROVIDER_STATUS,
        /** Anything else that people should be reminded of. */
        OTHER
    }
}
