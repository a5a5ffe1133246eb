package io.servicebreaker.spring.http;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.spring.CallListenerFactory;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.aop.AnnotationAutoConfiguration;
import io.servicebreaker.time.FakeTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.service.HttpServiceClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.boot.webclient.autoconfigure.service.ReactiveHttpServiceClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.registry.HttpServiceGroup;
import org.springframework.web.service.registry.ImportHttpServices;
import reactor.core.publisher.Mono;

/** An application that asks a service through clients of every kind, all made as Spring Boot makes them. */
@Configuration(proxyBeanMethods = false)
@ImportHttpServices(group = "blocking", types = ClientApplication.Blocking.class)
@ImportHttpServices(
        group = "reactive",
        types = ClientApplication.Reactive.class,
        clientType = HttpServiceGroup.ClientType.WEB_CLIENT)
class ClientApplication {

    /** Kinds of clients. */
    enum Kind {
        REST_CLIENT,
        REST_TEMPLATE,
        WEB_CLIENT,
        BLOCKING_INTERFACE,
        REACTIVE_INTERFACE;

        boolean blocks() {
            return this != WEB_CLIENT && this != REACTIVE_INTERFACE;
        }

        /** Asks a path with a question in JSON for an answer as text. */
        String ask(ApplicationContext context, String url, String path) {
            Map<String, String> question = Map.of("model", "gpt-5");
            return switch (this) {
                case REST_CLIENT ->
                    context.getBean(RestClient.Builder.class)
                            .build()
                            .post()
                            .uri(url + path)
                            .contentType(MediaType.APPLICATION_JSON)
                            .body(question)
                            .retrieve()
                            .body(String.class);
                case REST_TEMPLATE ->
                    context.getBean(RestTemplateBuilder.class)
                            .build()
                            .postForObject(url + path, question, String.class);
                case WEB_CLIENT ->
                    context.getBean(WebClient.Builder.class)
                            .build()
                            .post()
                            .uri(url + path)
                            .bodyValue(question)
                            .retrieve()
                            .bodyToMono(String.class)
                            .block();
                case BLOCKING_INTERFACE -> context.getBean(Blocking.class).ask(question);
                case REACTIVE_INTERFACE ->
                    context.getBean(Reactive.class).ask(question).block();
            };
        }
    }

    interface Blocking {

        @PostExchange("/v1/chat")
        String ask(@RequestBody Map<String, String> question);
    }

    interface Reactive {

        @PostExchange("/v1/chat")
        Mono<String> ask(@RequestBody Map<String, String> question);
    }

    /** Guarded methods around anything. */
    static class Annotated {

        @ServiceBreaker("openai")
        public String openai(Supplier<String> work) {
            return work.get();
        }

        @ServiceBreaker("assistant")
        public String assistant(Supplier<String> work) {
            return work.get();
        }

        @ServiceBreaker("openai")
        public Mono<String> mono(Mono<String> work) {
            return work;
        }

        @ServiceBreaker("openai")
        public CompletableFuture<String> stage(Supplier<String> work, Executor executor) {
            return CompletableFuture.supplyAsync(work, executor);
        }
    }

    /** A call that ended. */
    record Ended(CallRequest request, Outcome outcome) {

        String verdict() {
            return outcome.kind() + (outcome.cause() == null ? "" : " " + outcome.cause());
        }
    }

    /** What became of calls. */
    static final class Record implements CallListenerFactory {

        final List<Ended> ended = new CopyOnWriteArrayList<>();

        @Override
        public CallListener listenerFor(String service) {
            return new CallListener() {
                @Override
                public void finished(CallRequest request, Outcome outcome, long durationNanos) {
                    ended.add(new Ended(request, outcome));
                }

                @Override
                public void rejected(CallRequest request, Rejection rejection) {}
            };
        }
    }

    static ApplicationContextRunner runner(String url) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ServiceBreakerAutoConfiguration.class,
                        AnnotationAutoConfiguration.class,
                        HttpErrorReaderAutoConfiguration.class,
                        HttpClientAutoConfiguration.class,
                        JacksonAutoConfiguration.class,
                        HttpMessageConvertersAutoConfiguration.class,
                        ImperativeHttpClientAutoConfiguration.class,
                        ReactiveHttpClientAutoConfiguration.class,
                        HttpServiceClientPropertiesAutoConfiguration.class,
                        RestClientAutoConfiguration.class,
                        RestTemplateAutoConfiguration.class,
                        WebClientAutoConfiguration.class,
                        HttpServiceClientAutoConfiguration.class,
                        ReactiveHttpServiceClientAutoConfiguration.class))
                .withUserConfiguration(ClientApplication.class)
                .withBean(FakeTime.class)
                .withBean(Record.class)
                .withBean(Annotated.class)
                .withPropertyValues(
                        "service-breaker.defaults.failure-threshold=2",
                        "service-breaker.services.openai.endpoint-patterns=http://127.0.0.1:*/v1/**",
                        "service-breaker.services.assistant.provider=generic",
                        "spring.http.clients.imperative.factory=jdk",
                        "spring.http.clients.reactive.connector=jdk",
                        "spring.http.serviceclient.blocking.base-url=" + url,
                        "spring.http.serviceclient.reactive.base-url=" + url);
    }
}
