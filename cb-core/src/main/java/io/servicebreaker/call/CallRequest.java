package io.servicebreaker.call;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be called, and what is known of the call beforehand. Immutable: one instance may serve any number of
 * calls. What is not given is empty.
 */
public final class CallRequest {

    private final String service;
    private final String operation;
    private final String model;
    private final String category;
    private final String credential;
    private final int inputTokens;
    private final int outputTokens;
    private final boolean essential;
    private final @Nullable Duration deadline;
    private final @Nullable PromptTokens prompt;
    private final @Nullable AnswerPath path;
    private final @Nullable DegradationHints hints;
    private final @Nullable Backend backend;

    private CallRequest(Draft draft) {
        this.service = draft.service;
        this.operation = draft.operation;
        this.model = draft.model;
        this.category = draft.category;
        this.credential = draft.credential;
        this.inputTokens = draft.inputTokens;
        this.outputTokens = draft.outputTokens;
        this.essential = draft.essential;
        this.deadline = draft.deadline;
        this.prompt = draft.prompt;
        this.path = draft.path;
        this.hints = draft.hints;
        this.backend = draft.backend;
    }

    /** What a request is made from; never leaves this class. */
    private static final class Draft {
        private final String service;
        private String operation = "";
        private String model = "";
        private String category = "";
        private String credential = "";
        private int inputTokens;
        private int outputTokens;
        private boolean essential;
        private @Nullable Duration deadline;
        private @Nullable PromptTokens prompt;
        private @Nullable AnswerPath path;
        private @Nullable DegradationHints hints;
        private @Nullable Backend backend;

        Draft(String service) {
            this.service = service;
        }

        Draft(CallRequest from) {
            this.service = from.service;
            this.operation = from.operation;
            this.model = from.model;
            this.category = from.category;
            this.credential = from.credential;
            this.inputTokens = from.inputTokens;
            this.outputTokens = from.outputTokens;
            this.essential = from.essential;
            this.deadline = from.deadline;
            this.prompt = from.prompt;
            this.path = from.path;
            this.hints = from.hints;
            this.backend = from.backend;
        }
    }

    /** A call to the service of that name. */
    public static CallRequest to(String service) {
        return new CallRequest(new Draft(Objects.requireNonNull(service, "service")));
    }

    /** This call with an operation type, for cost rules and reports. */
    public CallRequest operation(String type) {
        Draft draft = new Draft(this);
        draft.operation = type;
        return new CallRequest(draft);
    }

    /** This call with the id of the model it asks for. */
    public CallRequest model(String id) {
        Draft draft = new Draft(this);
        draft.model = id;
        return new CallRequest(draft);
    }

    /** This call with the number of tokens it is expected to send and to receive, each 0 or more; 0 is unknown. */
    public CallRequest estimatedTokens(int input, int output) {
        if (input < 0 || output < 0) {
            throw new IllegalArgumentException("tokens must not be negative: input " + input + ", output " + output);
        }
        Draft draft = new Draft(this);
        draft.inputTokens = input;
        draft.outputTokens = output;
        return new CallRequest(draft);
    }

    /** This call with what it is about to send, for its expected cost where no tokens are given. */
    public CallRequest prompt(PromptTokens tokens) {
        Draft draft = new Draft(this);
        draft.prompt = tokens;
        return new CallRequest(draft);
    }

    /** This call with what it is asked to do with less; without, what the service of the call offers holds. */
    public CallRequest hints(DegradationHints suggestions) {
        Draft draft = new Draft(this);
        draft.hints = suggestions;
        return new CallRequest(draft);
    }

    /** This call without what it is about to send, for whoever keeps it: a prompt may be large, and is the caller's own. */
    public CallRequest withoutPrompt() {
        if (prompt == null) {
            return this;
        }
        Draft draft = new Draft(this);
        draft.prompt = null;
        return new CallRequest(draft);
    }

    /** This call with a cost category, for cost rules and reports. */
    public CallRequest category(String name) {
        Draft draft = new Draft(this);
        draft.category = name;
        return new CallRequest(draft);
    }

    /**
     * This call with the name of the credential it is made with, where a service has several: one that is refused or
     * throttled is then closed off alone. A name that people may read, never the secret itself.
     */
    public CallRequest credential(String name) {
        Draft draft = new Draft(this);
        draft.credential = name;
        return new CallRequest(draft);
    }

    /** This call as one that is still served in an emergency and never degraded. */
    public CallRequest essential() {
        Draft draft = new Draft(this);
        draft.essential = true;
        return new CallRequest(draft);
    }

    /**
     * This call with the time its caller has left. A call with none left is refused with
     * {@link RejectionReason#DEADLINE}; null if nobody waits for it.
     */
    public CallRequest deadline(@Nullable Duration timeLeft) {
        Draft draft = new Draft(this);
        draft.deadline = timeLeft;
        return new CallRequest(draft);
    }

    /**
     * This call at one backend alone, such as the one to which an earlier attempt of it went; it is refused if that one
     * may not be called. Without effect if its service does not have it; null leaves the choice open.
     */
    public CallRequest at(@Nullable Backend chosen) {
        Draft draft = new Draft(this);
        draft.backend = chosen;
        return new CallRequest(draft);
    }

    /** This call as one on a path, on which there is that much time left at most. */
    CallRequest on(AnswerPath way, @Nullable Duration timeLeft) {
        boolean shorter = timeLeft != null && (deadline == null || timeLeft.compareTo(deadline) < 0);
        Draft draft = new Draft(this);
        draft.path = way;
        draft.deadline = shorter ? timeLeft : deadline;
        return new CallRequest(draft);
    }

    /** Name of the service. */
    public String service() {
        return service;
    }

    /** Operation type, or empty. */
    public String operation() {
        return operation;
    }

    /** Model id, or empty. */
    public String model() {
        return model;
    }

    /** Cost category, or empty. */
    public String category() {
        return category;
    }

    /** Name of the credential, or empty. */
    public String credential() {
        return credential;
    }

    /** Tokens expected to be sent; 0 is unknown. */
    public int inputTokens() {
        return inputTokens;
    }

    /** Tokens expected to be received; 0 is unknown. */
    public int outputTokens() {
        return outputTokens;
    }

    /** The only backend to which it may go, or null if all are as good. */
    public @Nullable Backend backend() {
        return backend;
    }

    /** Whether the call is served even in an emergency. */
    public boolean isEssential() {
        return essential;
    }

    /** The time that the caller has left, if it said. */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(deadline);
    }

    /** What it is about to send, if that can be counted. */
    public @Nullable PromptTokens prompt() {
        return prompt;
    }

    /** Whether it is made in a fallback, because another call did not answer. */
    public boolean isFallback() {
        return path != null && path.depth() > 0;
    }

    /** The path that it is on, if anybody follows it. */
    @Nullable
    AnswerPath path() {
        return path;
    }

    @Nullable
    Duration deadlineOrNull() {
        return deadline;
    }

    /** What it is asked to do with less, if that was decided beforehand. */
    public @Nullable DegradationHints hints() {
        return hints;
    }

    boolean isTooLate() {
        return deadline != null && (deadline.isNegative() || deadline.isZero());
    }

    @Override
    public String toString() {
        return "CallRequest[service=" + service + ", operation=" + operation + ", model=" + model + "]";
    }
}
