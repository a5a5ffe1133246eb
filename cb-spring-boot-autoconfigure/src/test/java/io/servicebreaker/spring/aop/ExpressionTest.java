package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.Calling.faults;
import static io.servicebreaker.spring.aop.Calling.outcomes;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.cost.TokenEstimate;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class ExpressionTest {

    @Test
    void passesOnWhatTheAnnotationSays() {
        run((context, client) -> {
            client.described();

            CallRequest request = request(context);
            assertThat(request.service()).isEqualTo("openai");
            assertThat(request.operation()).isEqualTo("summary");
            assertThat(request.model()).isEqualTo("gpt-5");
            assertThat(request.category()).isEqualTo("batch");
            assertThat(request.isEssential()).isTrue();
        });
    }

    @Test
    void takesTheMethodNameForTheOperation() {
        run((context, client) -> {
            client.sized("q");

            assertThat(request(context).operation()).isEqualTo("sized");
        });
    }

    @Test
    void usesOneRequestForAllCallsWithoutExpressions() {
        run((context, client) -> {
            client.described();
            client.described();

            List<CallRequest> requests = context.getBean(GuardedServices.Calls.class).requests;
            assertThat(requests.get(0)).isSameAs(requests.get(1));
        });
    }

    @Test
    void readsTheModelFromAnArgument() {
        run((context, client) -> {
            client.modelled("gpt-5-mini");

            assertThat(request(context).model()).isEqualTo("gpt-5-mini");
        });
    }

    @Test
    void readsArgumentsByPosition() {
        run((context, client) -> {
            client.byPosition("gpt", "12345");

            assertThat(request(context).model()).isEqualTo("gpt");
            assertThat(request(context).inputTokens()).isEqualTo(5);
        });
    }

    @Test
    void readsPropertiesOfArguments() {
        run((context, client) -> {
            client.property(new Prompt("gpt-5", List.of("a", "b")));

            assertThat(request(context).model()).isEqualTo("gpt-5");
            assertThat(request(context).inputTokens()).isEqualTo(2);
        });
    }

    @Test
    void readsANumberOfTokens() {
        run((context, client) -> {
            client.sized("12345678");

            assertThat(request(context).inputTokens()).isEqualTo(2);
            assertThat(request(context).outputTokens()).isZero();
        });
    }

    @Test
    void readsATokenEstimate() {
        run((context, client) -> {
            client.estimated(new TokenEstimate(7, 9));

            assertThat(request(context).inputTokens()).isEqualTo(7);
            assertThat(request(context).outputTokens()).isEqualTo(9);
        });
    }

    @Test
    void leavesOutWhatCannotBeEvaluated() {
        run((context, client) -> {
            client.sized(null);
            client.estimated(null);

            assertThat(outcomes(context)).containsExactly("openai SUCCESS", "openai SUCCESS");
            assertThat(request(context).inputTokens()).isZero();
            assertThat(faults(context)).isZero();
        });
    }

    @Test
    void acceptsAnAnswerThatCannotBeJudged(CapturedOutput output) {
        run((context, client) -> {
            for (int i = 0; i < 5; i++) {
                assertThat(client.judged(null)).isNull();
            }

            assertThat(outcomes(context)).hasSize(5).containsOnly("openai SUCCESS");
            assertThat(faults(context)).isZero();
        });
        assertThat(output.getOut()
                        .lines()
                        .filter(line -> line.contains("acceptResult = \"#result.length() > 0\" does not")))
                .hasSize(3)
                .last()
                .asString()
                .contains("WARN", "(4 times so far)", "Attempted to call method length() on null context object");
    }

    @Test
    void acceptsAnAnswerWhenTheVerdictIsNeitherTrueNorFalse() {
        run((context, client) -> {
            client.oddlyJudged("x");
            client.oddlyJudged(null);

            assertThat(outcomes(context)).hasSize(2).containsOnly("openai SUCCESS");
            assertThat(faults(context)).isZero();
        });
    }

    @Test
    void judgesByResultAndArguments() {
        run((context, client) -> {
            client.echo("a", "a");
            client.echo("a", "b");

            assertThat(outcomes(context)).containsExactly("openai SUCCESS", "openai FAILURE QUALITY");
        });
    }

    @Test
    void staysRightWhenTheExpressionIsCompiled() {
        run((context, client) -> {
            for (int i = 0; i < 500; i++) {
                client.echo("a", i % 2 == 0 ? "a" : "b");
                client.open(i % 2 == 0 ? "text" : List.of("list"));
            }

            assertThat(faults(context)).isZero();
            assertThat(outcomes(context))
                    .filteredOn("openai FAILURE QUALITY"::equals)
                    .hasSize(250);
        });
    }

    @Test
    void readsNamesOfTheInterfaceThatCarriesTheAnnotation() {
        GuardedServices.runner().withBean(Renamed.class).run(context -> {
            context.getBean(Renamed.class).ask("gpt-5");

            assertThat(request(context).model()).isEqualTo("gpt-5");
        });
    }

    private static CallRequest request(ApplicationContext context) {
        List<CallRequest> requests = context.getBean(GuardedServices.Calls.class).requests;
        return requests.get(requests.size() - 1);
    }

    private static void run(BiConsumer<ApplicationContext, Client> test) {
        GuardedServices.runner()
                .withBean(Client.class)
                .run(context -> test.accept(context, context.getBean(Client.class)));
    }

    record Prompt(String model, List<String> messages) {}

    interface Asking {

        @ServiceBreaker(value = "openai", model = "#model")
        String ask(String model);
    }

    static class Renamed implements Asking {

        @Override
        public String ask(String other) {
            return other;
        }
    }

    static class Client {

        @ServiceBreaker(value = "openai", operation = "summary", model = "gpt-5", category = "batch", essential = true)
        public void described() {}

        @ServiceBreaker(value = "openai", model = "#model")
        public void modelled(String model) {}

        @ServiceBreaker(value = "openai", model = "#p0", estimatedTokens = "#a1.length()")
        public void byPosition(String model, String text) {}

        @ServiceBreaker(value = "openai", model = "#prompt.model()", estimatedTokens = "#prompt.messages.size()")
        public void property(Prompt prompt) {}

        @ServiceBreaker(value = "openai", estimatedTokens = "#text.length() / 4")
        public void sized(@Nullable String text) {}

        @ServiceBreaker(value = "openai", estimatedTokens = "#estimate")
        public void estimated(@Nullable TokenEstimate estimate) {}

        @ServiceBreaker(value = "openai", acceptResult = "#result.length() > 0")
        public @Nullable String judged(@Nullable String answer) {
            return answer;
        }

        @ServiceBreaker(value = "openai", acceptResult = "#result")
        public @Nullable String oddlyJudged(@Nullable String answer) {
            return answer;
        }

        @ServiceBreaker(value = "openai", acceptResult = "#result == #wanted")
        public String echo(String wanted, String answer) {
            return answer;
        }

        @ServiceBreaker(value = "openai", acceptResult = "!#value.isEmpty()")
        public Object open(Object value) {
            return value;
        }
    }
}
