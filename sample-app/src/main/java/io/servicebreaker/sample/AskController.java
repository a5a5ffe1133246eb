package io.servicebreaker.sample;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.sample.Inquiry.Outcome;
import io.servicebreaker.sample.Inquiry.Step;
import java.time.Duration;
import java.util.List;
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

    private static final String FIRST_CHOICE = "lightrag";
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
        Inquiry inquiry = new Inquiry(question);
        Answer answer = answer(inquiry);
        if (!answer.useful()) {
            inquiry.ended(answer.by(), Outcome.MISS);
            throw nobodyCould(inquiry);
        }
        inquiry.ended(answer.by(), Outcome.ANSWERED);
        keep(inquiry, answer);
        return new Reply(answer.text(), answer.by(), !answer.by().equals(FIRST_CHOICE), inquiry.path());
    }

    private Answer answer(Inquiry inquiry) {
        try {
            return lightRag.answer(inquiry);
        } catch (CallRejectedException e) {
            inquiry.missed(e.service(), e);
            throw nobodyCould(inquiry);
        }
    }

    private void keep(Inquiry inquiry, Answer answer) {
        if (!answer.by().equals(LAST_CHOICE)) {
            cache.keep(inquiry, answer);
        }
    }

    private static NobodyAnsweredException nobodyCould(Inquiry inquiry) {
        return new NobodyAnsweredException(inquiry);
    }

    /**
     * The assistant's answer.
     *
     * @param answeredBy the service that answered
     * @param degraded whether it was not the first choice
     * @param path what became of asking each service, in the order of asking
     */
    record Reply(String answer, String answeredBy, boolean degraded, List<Step> path) {}

    /** Nobody could answer: a problem document with the way that was gone and, if known, when to come back. */
    static final class NobodyAnsweredException extends ErrorResponseException {

        NobodyAnsweredException(Inquiry inquiry) {
            super(HttpStatus.SERVICE_UNAVAILABLE, problem(inquiry), null);
            inquiry.soonestRetry()
                    .ifPresent(wait -> getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(wholeSeconds(wait))));
        }

        private static ProblemDetail problem(Inquiry inquiry) {
            ProblemDetail problem =
                    ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, "Nobody could answer");
            problem.setProperty("path", inquiry.path());
            return problem;
        }

        private static long wholeSeconds(Duration wait) {
            return Math.max(1, wait.plusMillis(999).toSeconds());
        }
    }
}
