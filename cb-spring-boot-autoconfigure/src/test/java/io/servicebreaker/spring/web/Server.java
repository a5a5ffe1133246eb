package io.servicebreaker.spring.web;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/** Applications whose controllers are refused their calls, on a real server. */
final class Server {

    private Server() {}

    static ConfigurableApplicationContext start(WebApplicationType type, Class<?> source, String... arguments) {
        return new SpringApplicationBuilder(source)
                .web(type)
                .properties("server.port=0")
                .run(arguments);
    }

    static HttpResponse<String> get(ConfigurableApplicationContext application, String path) throws Exception {
        String port = application.getEnvironment().getProperty("local.server.port");
        URI address = URI.create("http://localhost:" + port + path);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Refusing refusing() {
            return new Refusing();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class WithOwnHandler {

        @Bean
        Refusing refusing() {
            return new Refusing();
        }

        @Bean
        OwnHandler ownHandler() {
            return new OwnHandler();
        }
    }

    @ControllerAdvice
    static class OwnHandler {

        @ExceptionHandler(RuntimeException.class)
        ResponseEntity<String> teapot() {
            return ResponseEntity.status(418).body("short and stout");
        }
    }

    @ResponseStatus(HttpStatus.GATEWAY_TIMEOUT)
    static class NoAnswerException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NoAnswerException(CallRejectedException cause) {
            super(cause);
        }
    }

    @RestController
    static class Refusing {

        @GetMapping("/refused")
        String refused(@RequestParam RejectionReason reason, @RequestParam RejectionScope scope, long millis) {
            throw refusal(reason, scope, millis);
        }

        @GetMapping("/wrapped")
        String wrapped(@RequestParam RejectionReason reason, @RequestParam RejectionScope scope, long millis) {
            throw new CompletionException(refusal(reason, scope, millis));
        }

        @GetMapping("/future")
        CompletionStage<String> future(
                @RequestParam RejectionReason reason, @RequestParam RejectionScope scope, long millis) {
            return CompletableFuture.failedFuture(refusal(reason, scope, millis));
        }

        @GetMapping("/late-future")
        CompletionStage<String> lateFuture(
                @RequestParam RejectionReason reason, @RequestParam RejectionScope scope, long millis) {
            return CompletableFuture.<String>supplyAsync(() -> {
                        throw refusal(reason, scope, millis);
                    })
                    .thenApply(String::strip);
        }

        @GetMapping("/bad-gateway")
        String badGateway() {
            throw new ResponseStatusException(HttpStatus.BAD_GATEWAY, "no answer", refusal());
        }

        @GetMapping("/no-answer")
        String noAnswer() {
            throw new NoAnswerException(refusal());
        }

        @GetMapping("/own-fault")
        String ownFault() {
            throw new IllegalStateException(refusal());
        }

        @GetMapping("/mono")
        Mono<String> mono(@RequestParam RejectionReason reason, @RequestParam RejectionScope scope, long millis) {
            return Mono.error(refusal(reason, scope, millis));
        }

        private static CallRejectedException refusal() {
            return refusal(RejectionReason.OPEN, RejectionScope.SERVICE, 1);
        }

        private static CallRejectedException refusal(RejectionReason reason, RejectionScope scope, long millis) {
            long nanos = millis < 0
                    ? Rejection.UNKNOWN_TIME
                    : Duration.ofMillis(millis).toNanos();
            return new CallRejectedException(
                    "openai", new Rejection(reason, scope, nanos, "Ann: we did not pay"), false);
        }
    }
}
