package io.servicebreaker.spring.aop;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.FallbackFor;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.spring.Mishap;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/** The causes that a fallback method is for; null if it is for all. */
record Causes(@Nullable Set<Enum<?>> named) {

    private static final Causes ALL = new Causes(null);

    static Causes of(Method method) {
        MergedAnnotation<FallbackFor> annotation =
                MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).get(FallbackFor.class);
        if (!annotation.isPresent()) {
            return ALL;
        }
        FailureCause[] failures = annotation.getEnumArray("value", FailureCause.class);
        RejectionReason[] refusals = annotation.getEnumArray("reasons", RejectionReason.class);
        return new Causes(Set.copyOf(
                Stream.<Enum<?>>concat(Stream.of(failures), Stream.of(refusals)).toList()));
    }

    boolean areAll() {
        return named == null;
    }

    boolean include(Mishap mishap) {
        return named == null || named.contains(mishap.refusal() == null ? mishap.cause() : mishap.refusal());
    }

    /** Those that both name, in order; of two that are for all, none is named. */
    List<Enum<?>> sharedWith(Causes other) {
        return named == null || other.named == null
                ? List.of()
                : named.stream()
                        .filter(other.named::contains)
                        .sorted(Causes::order)
                        .toList();
    }

    boolean anyRefusal() {
        return named == null || named.stream().anyMatch(RejectionReason.class::isInstance);
    }

    boolean anyFailure() {
        return named == null || named.stream().anyMatch(FailureCause.class::isInstance);
    }

    private static int order(Enum<?> one, Enum<?> other) {
        return one.name().compareTo(other.name());
    }

    @Override
    public String toString() {
        return named == null
                ? "all"
                : String.join(", ", named.stream().map(Enum::name).sorted().toList());
    }
}
