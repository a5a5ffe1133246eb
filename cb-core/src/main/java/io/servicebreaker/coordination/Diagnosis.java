package io.servicebreaker.coordination;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * Why services probably fail together: what they share, how they fail, and what happened elsewhere. Immutable.
 *
 * @param confidence 0 to 1
 * @param words goes on a sentence that begins with who fails
 */
record Diagnosis(SharedCause cause, double confidence, String words) {

    /** Above this share nearly all fail. */
    private static final double NEARLY_ALL = 0.7;

    private static final double MOSTLY = 0.8;
    private static final double CHANGED = 0.6;

    /**
     * Looks for the cause.
     *
     * @param members those that fail
     * @param all those that could
     * @param events near the onset about one of the members
     */
    static Diagnosis of(Collection<FailureTrack> members, List<CorrelatedService> all, List<ExternalEvent> events) {
        List<CorrelatedService> failing =
                members.stream().map(FailureTrack::service).toList();
        return weighed(fromSharing(members, failing, all), events);
    }

    private static Diagnosis fromSharing(
            Collection<FailureTrack> members, List<CorrelatedService> failing, List<CorrelatedService> all) {
        Sharing provider = Sharing.of(failing, all, CorrelatedService::provider);
        Sharing host = Sharing.of(failing, all, CorrelatedService::host);
        if (host.isShared() && host.confidence() > provider.confidence()) {
            return new Diagnosis(
                    SharedCause.SHARED_HOST, host.confidence(), "all of them are on the host " + host.value());
        }
        if (provider.isShared()) {
            return new Diagnosis(
                    SharedCause.SHARED_PROVIDER,
                    provider.confidence(),
                    "all of them are services of " + provider.value());
        }
        double unreached = members.stream()
                .mapToDouble(FailureTrack::unreachedShare)
                .average()
                .orElse(0);
        double affected = (double) failing.size() / all.size();
        if (unreached >= MOSTLY && affected > NEARLY_ALL) {
            return new Diagnosis(
                    SharedCause.OURSELVES,
                    unreached * affected,
                    "nearly nothing can be reached, whoever runs it, so the trouble is probably on our side");
        }
        return new Diagnosis(SharedCause.UNKNOWN, 0, "they share nothing that is known");
    }

    private static Diagnosis weighed(Diagnosis found, List<ExternalEvent> events) {
        Diagnosis weighed = found;
        for (ExternalEvent event : events) {
            weighed = weighed.with(event);
        }
        return weighed;
    }

    private Diagnosis with(ExternalEvent event) {
        String reminder = words + "; " + named(event.type()) + ": " + event.text();
        return switch (event.type()) {
            case DEPLOYMENT -> suspect(SharedCause.OURSELVES, reminder);
            case PROVIDER_STATUS -> suspect(SharedCause.SHARED_PROVIDER, reminder);
            case OTHER -> new Diagnosis(cause, confidence, reminder);
        };
    }

    private static String named(ExternalEvent.Type type) {
        return switch (type) {
            case DEPLOYMENT -> "a deployment near the beginning";
            case PROVIDER_STATUS -> "the provider's status near the beginning";
            case OTHER -> "near the beginning";
        };
    }

    /** What an event speaks for is surer if it was thought of before, and a guess if nothing was. */
    private Diagnosis suspect(SharedCause suspected, String reminder) {
        if (cause == suspected) {
            return new Diagnosis(cause, 1 - (1 - confidence) / 2, reminder);
        }
        boolean isNew = cause == SharedCause.UNKNOWN && suspected == SharedCause.OURSELVES;
        return isNew ? new Diagnosis(suspected, CHANGED, reminder) : new Diagnosis(cause, confidence, reminder);
    }

    /**
     * What all that fail have in common.
     *
     * @param value empty if nothing
     * @param confidence the share that fails of those that have it; half of that if nobody else could have failed
     */
    private record Sharing(String value, double confidence) {

        static Sharing of(
                List<CorrelatedService> failing,
                List<CorrelatedService> all,
                Function<CorrelatedService, String> property) {
            List<String> values =
                    new ArrayList<>(failing.stream().map(property).distinct().toList());
            if (values.size() != 1 || values.get(0).isEmpty()) {
                return new Sharing("", 0);
            }
            long having = all.stream()
                    .filter(service -> property.apply(service).equals(values.get(0)))
                    .count();
            double failed = (double) failing.size() / having;
            double certainty = having == all.size() ? 0.5 : 1;
            return new Sharing(values.get(0), certainty * (0.5 + failed / 2));
        }

        boolean isShared() {
            return !value.isEmpty();
        }
    }
}
