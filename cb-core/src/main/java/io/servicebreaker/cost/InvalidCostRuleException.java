package io.servicebreaker.cost;

/** A cost rule cannot be meant so. */
public class InvalidCostRuleException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String rule;
    private final String setting;
    private final String value;
    private final String problem;

    InvalidCostRuleException(String rule, String setting, Object value, String problem) {
        super("rule " + rule + ": " + setting + " = " + value + " " + problem);
        this.rule = rule;
        this.setting = setting;
        this.value = value.toString();
        this.problem = problem;
    }

    /** Id of the rule, maybe empty. */
    public String rule() {
        return rule;
    }

    /** Which of its settings, as in the configuration: {@code value}, {@code throttle-factor} and so on. */
    public String setting() {
        return setting;
    }

    /** What was given. */
    public String value() {
        return value;
    }

    /** What is wrong with it, such as that it is negative. */
    public String problem() {
        return problem;
    }
}
