package io.servicebreaker.sample;

import io.servicebreaker.call.AnswerPath;
import io.servicebreaker.call.AnswerStep;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The research assistant: asks LightRAG, falls back to OpenAI, then Perplexity, then a cache. */
@RestController
class AskController {

    private static final String NOBODY = "nobody";
    private static final String LAST_CHOICE = "cache";

    private final LightRagAnswers lightRag;
    private final CachedAnswers cache;

    AskController(LightRagAnswers lightRag, CachedAnswers cache) {
        this.lightRag = lightRag;
        this.cache = cache;
    }

    @GetMapping("/api/ask")
    Reply ask(@RequestParam("q") String question) {
        if (question.isBlank()) {
            throw new ErrorResponseException(
                    HttpStatus.BAD_REQUEST,
                    ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, "q is empty: ask something"),
                    null);
        }
        try (AnswerPath path = AnswerPath.open()) {
            return ask(question, path);
        }
    }

    private Reply ask(String question, AnswerPath path) {
        String answer = lightRag.answer(question);
        String by = path.answeredBy().orElse(NOBODY);
        Reply reply = new Reply(String.valueOf(answer), by, path.isDegraded(), Step.all(path));
        if (answer == null) {
            throw new NobodyAnsweredException(path);
        }
        if (!by.equals(LAST_CHOICE)) {
            cache.keep(question, answer);
        }
        return reply;
    }

    /**
     * The assistant's answer.
     *
     * @param answeredBy the service that answered
     * @param degraded whether it was not the first choice
     * @param path what became of asking each service, in the order of asking
     */
    record Reply(String answer, String answeredBy, boolean degraded, List<Step> path) {}

    /**
     * What became of asking one service.
     *
     * @param outcome a word that programs read, the README lists them
     * @param reason why it did not answer, if it did not
     */
    record Step(String service, String outcome, @Nullable String reason) {

        static List<Step> all(AnswerPath path) {
            return path.steps().stream().map(Step::of).toList();
        }

        private static Step of(AnswerStep step) {
            String outcome = step.result() == AnswerStep.Result.MISSED
                    ? "miss"
                    : step.result().name().toLowerCase(Locale.ROOT).replace('_', '-');
            boolean explained = step.result() == AnswerStep.Result.NOT_GOOD_ENOUGH;
            return new Step(step.by(), outcome, explained ? null : step.reason());
        }
    }

    /** Nobody could answer: a problem document with the way that was gone and, if known, when to come back. */
    static final class NobodyAnsweredException extends ErrorResponseException {

        NobodyAnsweredException(AnswerPath path) {
            super(HttpStatus.SERVICE_UNAVAILABLE, problem(path), null);
            path.steps().stream()
                    .map(AnswerStep::retryAfter)
                    .filter(Objects::nonNull)
                    .min(Duration::compareTo)
                    .ifPresent(wait -> getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(wholeSeconds(wait))));
        }

        private static ProblemDetail problem(AnswerPath path) {
            ProblemDetail problem =
                    ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, "Nobody could answer");
            problem.setProperty("path", Step.all(path));
            return problem;
        }

        private static long wholeSeconds(Duration wait) {
            return Math.max(1, wait.plusMillis(999).toSeconds());
        }
    }
}
