package io.servicebreaker.spring.aop;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.provider.StreamContent;
import io.servicebreaker.provider.StreamErrorReader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells what the elements of streams are. One who throws has said nothing. Safe for use by many threads. */
final class Elements {

    private final StreamContent[] contents;
    private final StreamErrorReader[] errors;
    private final InternalFaults faults;

    Elements(List<StreamContent> contents, List<StreamErrorReader> errors, InternalFaults faults) {
        this.contents = contents.toArray(StreamContent[]::new);
        this.errors = errors.toArray(StreamErrorReader[]::new);
        this.faults = faults;
    }

    /** Whether an element is part of the answer. */
    boolean isContent(Object element) {
        for (StreamContent content : contents) {
            try {
                if (!content.isContent(element)) {
                    return false;
                }
            } catch (RuntimeException | Error e) {
                faults.record("content of streams " + content.getClass().getName(), e);
            }
        }
        return true;
    }

    /** The error that an element tells, or null if it tells none. */
    @Nullable
    CallReport error(Object element) {
        for (StreamErrorReader reader : errors) {
            try {
                Optional<CallReport> report = reader.read(element);
                if (report.isPresent()) {
                    return report.get();
                }
            } catch (RuntimeException | Error e) {
                faults.record("reader of errors in streams " + reader.getClass().getName(), e);
            }
        }
        return null;
    }
}
