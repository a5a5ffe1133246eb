package io.servicebreaker.coordination;

/** Services depend on each other in a way that cannot be. */
public final class InvalidDependencyException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String service;
    private final String dependency;
    private final String problem;

    InvalidDependencyException(String service, String dependency, String problem) {
        super(service + " depends on " + dependency + ", which " + problem);
        this.service = service;
        this.dependency = dependency;
        this.problem = problem;
    }

    /** The service whose dependency it is. */
    public String service() {
        return service;
    }

    /** What it depends on. */
    public String dependency() {
        return dependency;
    }

    /** What is wrong with that, to go on a sentence. */
    public String problem() {
        return problem;
    }
}
