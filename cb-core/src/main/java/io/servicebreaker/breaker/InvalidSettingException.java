package io.servicebreaker.breaker;

/** A setting is out of its range. */
public class InvalidSettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String setting;
    private final String value;
    private final String range;

    /**
     * Creates the exception.
     *
     * @param setting name as in the configuration, such as {@code failure-threshold}
     * @param value what was given
     * @param range what is allowed, in words
     */
    public InvalidSettingException(String setting, Object value, String range) {
        super(setting + " is " + value + ", allowed is " + range);
        this.setting = setting;
        this.value = value.toString();
        this.range = range;
    }

    /** Name of the setting as in the configuration. */
    public String setting() {
        return setting;
    }

    /** What was given. */
    public String value() {
        return value;
    }

    /** What is allowed, in words. */
    public String range() {
        return range;
    }
}
