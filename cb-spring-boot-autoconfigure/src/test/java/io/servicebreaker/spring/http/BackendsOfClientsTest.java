package io.servicebreaker.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.Backend;
import io.servicebreaker.spring.LocalProvider;
import io.servicebreaker.spring.LocalProvider.Reply;
import io.servicebreaker.spring.http.ClientApplication.Annotated;
import io.servicebreaker.spring.http.ClientApplication.Kind;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.ApplicationContext;

/** Requests to the address of a service go to one of its deployments. */
class BackendsOfClientsTest {

    /** The name of no host. */
    private static final String SERVICE = "http://openai.invalid";

    private final LocalProvider eu = new LocalProvider(Reply.chat());
    private final LocalProvider us = new LocalProvider(Reply.error(500, "server_error"));
    private final LocalProvider asia = new LocalProvider(Reply.chat());

    @AfterEach
    void stop() {
        eu.close();
        us.close();
        asia.close();
    }

    @ParameterizedTest
    @EnumSource
    void nearlyAllCallsReachALiveOneWhileOneOfThreeIsDownA46(Kind kind) {
        run((context, breakers) -> {
            int failed = 0;
            for (int i = 0; i < 120; i++) {
                failed += catchThrowable(() -> kind.ask(context, SERVICE, "/v1/chat")) == null ? 0 : 1;
            }

            assertThat(failed).isLessThanOrEqualTo(1);
            assertThat(us.received()).hasSize(failed);
            assertThat(eu.received())
                    .hasSizeGreaterThan(20)
                    .allSatisfy(request -> assertThat(request.path()).isEqualTo("/deployment/v1/chat"));
            assertThat(asia.received()).hasSizeGreaterThan(20);
            assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_CLIENT", "WEB_CLIENT"})
    void allRequestsInAGuardedCallGoToTheBackendThatWasChosenForIt(Kind kind) {
        run((context, breakers) -> {
            String url = context.getBean(Annotated.class).openai(() -> {
                Backend chosen = Backend.current();
                if (!chosen.id().equals("us")) {
                    kind.ask(context, SERVICE, "/v1/chat");
                    kind.ask(context, SERVICE, "/v1/chat");
                }
                return chosen.url().toString();
            });

            int asked = url.startsWith(us.url()) ? 0 : 2;
            assertThat(eu.received().size()).isEqualTo(url.startsWith(eu.url()) ? asked : 0);
            assertThat(asia.received().size()).isEqualTo(url.startsWith(asia.url()) ? asked : 0);
            assertThat(Backend.current()).isNull();
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_CLIENT", "WEB_CLIENT"})
    void aRequestToAnotherAddressInTheCallStaysWhereItWasMadeFor(Kind kind) {
        try (LocalProvider tokens = new LocalProvider(Reply.chat())) {
            run((context, breakers) ->
                    context.getBean(Annotated.class).openai(() -> kind.ask(context, tokens.url(), "/token")));

            assertThat(tokens.received())
                    .singleElement()
                    .satisfies(request -> assertThat(request.path()).isEqualTo("/token"));
            assertThat(eu.received()).isEmpty();
            assertThat(us.received()).isEmpty();
            assertThat(asia.received()).isEmpty();
        }
    }

    private void run(BiConsumer<ApplicationContext, Breakers> test) {
        ClientApplication.runner(SERVICE)
                .withPropertyValues(
                        "service-breaker.services.openai.endpoint-patterns=" + SERVICE + "/**",
                        "service-breaker.services.openai.failure-threshold=2",
                        "service-breaker.services.openai.backends.eu.url=" + eu.url() + "/deployment",
                        "service-breaker.services.openai.backends.us.url=" + us.url() + "/deployment",
                        "service-breaker.services.openai.backends.asia.url=" + asia.url() + "/deployment")
                .run(context -> test.accept(context, context.getBean(Breakers.class)));
    }
}
