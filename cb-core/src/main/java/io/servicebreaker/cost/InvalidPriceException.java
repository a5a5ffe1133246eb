package io.servicebreaker.cost;

/** A price is negative or implausible. */
public class InvalidPriceException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String kind;
    private final String value;
    private final String problem;

    InvalidPriceException(String kind, String value, String problem) {
        super(kind + " = " + value + " " + problem);
        this.kind = kind;
        this.value = value;
        this.problem = problem;
    }

    /** Which one, as in the configuration: {@code input}, {@code output}, {@code cached-input} and so on. */
    public String kind() {
        return kind;
    }

    /** Its value. */
    public String value() {
        return value;
    }

    /** What is wrong with it, such as that it is negative. */
    public String problem() {
        return problem;
    }
}
