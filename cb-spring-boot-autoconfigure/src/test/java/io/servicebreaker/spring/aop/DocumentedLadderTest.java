package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.Calling.hops;
import static io.servicebreaker.spring.aop.Calling.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.AnswerPath;
import io.servicebreaker.call.AnswerStep;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.FallbackFor;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.spring.http.FallbackHeaders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/** The code of docs/ladders.md. */
class DocumentedLadderTest {

    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void isWhatTheDocumentationShows() throws IOException {
        String page = Files.readString(Path.of("../docs/ladders.md"));
        String source =
                Files.readString(Path.of("src/test/java/io/servicebreaker/spring/aop/DocumentedLadderTest.java"));

        List<String> blocks = BLOCK.matcher(page)
                .results()
                .map(block -> words(block.group(1)))
                .toList();

        assertThat(blocks)
                .hasSize(4)
                .allSatisfy(block -> assertThat(words(source)).contains(block));
    }

    @Test
    void doesWhatTheDocumentationSays() {
        GuardedServices.runner().withBean(Assistant.class).run(context -> {
            Controller controller = new Controller(context.getBean(Assistant.class));
            assertThat(controller.ask("q").degraded()).isFalse();
            open(context, "lightrag");

            Reply reply = controller.ask("q");

            assertThat(reply.degraded()).isTrue();
            assertThat(reply.by()).isEqualTo("openai");
            assertThat(hops(context)).containsExactly("lightrag FORCED_OPEN -> Assistant.general ANSWERED openai");
        });
    }

    private static String words(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    static class Assistant {

        @ServiceBreaker(
                value = "lightrag",
                fallback = "shorter, general",
                deadline = "20s",
                acceptResult = "#result.score() > 0.3",
                confidence = "#result.score()")
        public Answer answer(String question) {
            return search(question);
        }

        @FallbackFor({FailureCause.TIMEOUT, FailureCause.CONTEXT_LENGTH})
        @ServiceBreaker(value = "lightrag", operation = "short", fallback = "general")
        public Answer shorter(String question) {
            return search(firstSentence(question));
        }

        @ServiceBreaker(value = "openai", fallback = "broke, known")
        public Answer general(String question) {
            return ask(question);
        }

        @FallbackFor(reasons = {RejectionReason.COST_BUDGET, RejectionReason.COST_RULE})
        public Answer broke(String question) {
            return new Answer("Ask again tomorrow", 0);
        }

        public Answer known(String question, Exception why) {
            return new Answer("We are looking into it", 0);
        }

        private Answer search(String question) {
            return new Answer(question, 0.9);
        }

        private Answer ask(String question) {
            return new Answer(question, 0.5);
        }

        private static String firstSentence(String question) {
            return question;
        }
    }

    static class Credentials {

        @Bean
        FallbackHeaders credentials(@Value("${internal.key}") String key) {
            return (service, headers) -> {
                if (service.equals("internal")) {
                    headers.setBearerAuth(key);
                }
            };
        }

        @Bean
        @Order(0)
        RestClientCustomizer keyOfOpenAi(@Value("${openai.key}") String key) {
            return builder -> builder.requestInterceptor((request, body, execution) -> {
                request.getHeaders().setBearerAuth(key);
                return execution.execute(request, body);
            });
        }
    }

    record Controller(Assistant assistant) {

        Reply ask(String question) {
            try (AnswerPath path = AnswerPath.open()) {
                Answer answer = assistant.answer(question);
                return new Reply(answer, path.answeredBy().orElse("nobody"), path.isDegraded(), path.steps());
            }
        }
    }

    record Answer(String text, double score) {}

    record Reply(Answer answer, String by, boolean degraded, List<AnswerStep> steps) {}
}
