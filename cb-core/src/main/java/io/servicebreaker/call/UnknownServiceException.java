package io.servicebreaker.call;

import java.util.Collection;
import java.util.List;

/** A service name that is not configured was used. */
public class UnknownServiceException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String service;
    private final List<String> known;

    /**
     * Creates the exception.
     *
     * @param service the name that was used
     * @param known the names that are configured
     */
    public UnknownServiceException(String service, Collection<String> known) {
        super("Service '" + service + "' is not configured. "
                + (known.isEmpty() ? "No service is." : "Configured services: " + names(known) + "."));
        this.service = service;
        this.known = known.stream().sorted().toList();
    }

    /** The name that was used. */
    public String service() {
        return service;
    }

    /** The names that are configured, sorted. */
    public List<String> known() {
        return known;
    }

    private static String names(Collection<String> known) {
        return String.join(", ", known.stream().sorted().toList());
    }
}
