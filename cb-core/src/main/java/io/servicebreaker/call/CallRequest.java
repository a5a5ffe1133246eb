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

    private CallRequest(
            String service,
            String operation,
            String model,
            String category,
            String credential,
            int inputTokens,
            int outputTokens,
            boolean essential,
            @Nullable Duration deadline,
            @Nullable PromptTokens prompt,
            @Nullable AnswerPath path,
            @Nullable DegradationHints hints) {
        this.service = service;
        this.operation = operation;
        this.model = model;
        this.category = category;
        this.credential = credential;
        this.inputTokens = inputTokens;
        this.outputTokens = outputTokens;
        this.essential = essential;
        this.deadline = deadline;
        this.prompt = prompt;
        this.path = path;
        this.hints = hints;
    }

    /** A call to the service of that name. */
    public static CallRequest to(String service) {
        return new CallRequest(
                Objects.requireNonNull(service, "service"), "", "", "", "", 0, 0, false, null, null, null, null);
    }

    /** This call with an operation type, for cost rules and reports. */
    public CallRequest operation(String type) {
        return new CallRequest(
                service,
                type,
                model,
                category,
                credential,
                inputTokens,
                outputTokens,
                essential,
                deadline,
                prompt,
                path,
                hints);
    }

    /** This call with the id of the model it asks for. */
    public CallRequest model(String id) {
        return new CallRequest(
                service,
                operation,
                id,
                category,
                credential,
                inputTokens,
                outputTokens,
                essential,
                deadline,
                prompt,
                path,
                hints);
    }

    /** This call with the number of tokens it is expected to send and to receive, each 0 or more; 0 is unknown. */
    public CallRequest estimatedTokens(int input, int output) {
        if (input < 0 || output < 0) {
            throw new IllegalArgumentException("tokens must not be negative: input " + input + ", output " + output);
        }
        return new CallRequest(
                service,
                operation,
                model,
                category,
                credential,
                input,
                output,
                essential,
                deadline,
                prompt,
                path,
                hints);
    }

    /** This call with what it is about to send, for its expected cost where no tokens are given. */
    public CallRequest prompt(PromptTokens tokens) {
        return new CallRequest(
                service,
                operation,
                model,
                category,
                credential,
                inputTokens,
                outputTokens,
                essential,
                deadline,
                tokens,
                path,
                hints);
    }

    /** This call with what it is asked to do with less; without, what the service of the call offers holds. */
    public CallRequest hints(DegradationHints suggestions) {
        return new CallRequest(
                service,
                operation,
                model,
                category,
                credential,
                inputTokens,
                outputTokens,
                essential,
                deadline,
                prompt,
                path,
                suggestions);
    }

    /** This call without what it is about to send, for whoever keeps it: a prompt may be large, and is the caller's own. */
    public CallRequest withoutPrompt() {
        return prompt == null
                ? this
                : new CallRequest(
                        service,
                        operation,
                        model,
                        category,
                        credential,
                        inputTokens,
                        outputTokens,
                        essential,
                        deadline,
                        null,
                        path,
                        hints);
    }

    /** This call with a cost category, for cost rules and reports. */
    public CallRequest category(String name) {
        return new CallRequest(
                service,
                operation,
                model,
                name,
                credential,
                inputTokens,
                outputTokens,
                essential,
                deadline,
                prompt,
                path,
                hints);
    }

    /**
     * This call with the name of the credential it is made with, where a service has several: one that is refused or
     * throttled is then closed off alone. A name that people may read, never the secret itself.
     */
    public CallRequest credential(String name) {
        return new CallRequest(
                service,
                operation,
                model,
                category,
                name,
                inputTokens,
                outputTokens,
                essential,
                deadline,
                prompt,
                path,
                hints);
    }

    /** This call as one that is still served in an emergency and never degraded. */
    public CallRequest essential() {
        return new CallRequest(
                service,
                operation,
                model,
                category,
                credential,
                inputTokens,
                outputTokens,
                true,
                deadline,
                prompt,
                path,
                hints);
    }

    /**
     * This call with the time its caller has left. A call with none left is refused with
     * {@link RejectionReason#DEADLINE}.
     */
    public CallRequest deadline(Duration timeLeft) {
        return new CallRequest(
                service,
                operation,
                model,
                category,
                credential,
                inputTokens,
                outputTokens,
                essential,
                timeLeft,
                prompt,
                path,
                hints);
    }

    /** This call as one on a path, on which there is that much time left at most. */
    CallRequest on(AnswerPath way, @Nullable Duration timeLeft) {
        boolean shorter = timeLeft != null && (deadline == null || timeLeft.compareTo(deadline) < 0);
        return new CallRequest(
                service,
                operation,
                model,
                category,
                credential,
                inputTokens,
                outputTokens,
                essential,
                shorter ? timeLeft : deadline,
                prompt,
                way,
                hints);
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
