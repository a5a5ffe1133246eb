package io.servicebreaker.spring.actuate;

import java.util.List;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** A command that is not carried out, and the answer that says why. */
final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient WebEndpointResponse<ProblemView> answer;

    private CommandException(WebEndpointResponse<ProblemView> answer) {
        super(String.valueOf(answer.getBody()), null, false, false);
        this.answer = answer;
    }

    /**
     * A value is missing or wrong.
     *
     * @param allowed what could have been there instead
     */
    static CommandException wrong(String problem, List<String> allowed) {
        return new CommandException(ProblemView.badRequest(problem, allowed));
    }

    /** Whoever asks lacks a role. */
    static CommandException forbidden(String role) {
        return new CommandException(ProblemView.forbidden("the command needs the role " + role, List.of(role)));
    }

    WebEndpointResponse<ProblemView> answer() {
        return answer;
    }
}
