package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRequest;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.util.ClassUtils;

/** Each part of ours looks whether what it needs is there. */
class AbsentLibrariesTest {

    private static final String SERVICE = "service-breaker.services.openai.failure-threshold=1";
    private static final String EXPOSED = "management.endpoints.web.exposure.include=*";

    private final AutoConfigurations ours = AutoConfigurations.of(ourClasses());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.springframework.web",
                "org.springframework.web.servlet",
                "org.springframework.web.reactive",
                "org.springframework.boot.actuate",
                "org.springframework.boot.actuate.autoconfigure",
                "org.springframework.boot.health",
                "org.springframework.boot.restclient",
                "org.springframework.boot.webclient",
                "org.springframework.http",
                "org.springframework.boot.micrometer",
                "io.micrometer",
                "reactor",
                "tools.jackson",
                "com.fasterxml.jackson",
                "com.knuddels",
                "com.openai",
                "okhttp3",
                "org.springframework.ai",
                "org.springframework.ai.openai",
                "org.springframework.ai.anthropic",
                "com.anthropic",
                "dev.langchain4j",
                "org.springframework.security",
                "org.springframework.cloud",
                "org.springframework.cloud.loadbalancer",
                "org.springframework.jdbc",
                "org.springframework.boot.jdbc",
                "org.springframework.boot.sql",
                "org.springframework.transaction",
                "org.flywaydb",
                "com.zaxxer.hikari",
                "org.h2",
                "jakarta"
            })
    void guardsWithout(String library) {
        new ApplicationContextRunner()
                .withConfiguration(ours)
                .withClassLoader(new FilteredClassLoader(library))
                .withPropertyValues(SERVICE, EXPOSED)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    CallOrchestrator orchestrator = context.getBean(CallOrchestrator.class);
                    orchestrator.begin(CallRequest.to("openai")).failed(new IOException("reset"));
                    assertThat(context.getBean(Breakers.class)
                                    .breaker("openai")
                                    .snapshot()
                                    .failedRecoveries())
                            .isZero();
                });
    }

    @Test
    void guardsInEveryKindOfApplication() {
        new WebApplicationContextRunner()
                .withConfiguration(ours)
                .withPropertyValues(SERVICE, EXPOSED)
                .run(context -> assertThat(context).hasNotFailed().hasBean("circuitBreakersEndpoint"));
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(ours)
                .withPropertyValues(SERVICE, EXPOSED)
                .run(context -> assertThat(context).hasNotFailed().hasBean("circuitBreakersEndpoint"));
    }

    @Test
    void doesNothingWhenDisabled() {
        new WebApplicationContextRunner()
                .withConfiguration(ours)
                .withPropertyValues(SERVICE, EXPOSED, "service-breaker.enabled=false")
                .run(context -> assertThat(
                                Stream.of(context.getBeanDefinitionNames()).filter(name -> {
                                    Class<?> type = context.getType(name);
                                    return type != null && type.getName().startsWith("io.servicebreaker");
                                }))
                        .isEmpty());
    }

    @Test
    void keepsHealthToItselfWhenAsked() {
        new ApplicationContextRunner()
                .withConfiguration(ours)
                .withPropertyValues(SERVICE, "management.health.service-breakers.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("serviceBreakersHealthIndicator"));
        new ApplicationContextRunner()
                .withConfiguration(ours)
                .withPropertyValues(SERVICE)
                .run(context -> assertThat(context).hasBean("serviceBreakersHealthIndicator"));
    }

    /** Those that applications get, read from the same file. */
    private static Class<?>[] ourClasses() {
        ClassLoader loader = AbsentLibrariesTest.class.getClassLoader();
        List<String> all =
                ImportCandidates.load(AutoConfiguration.class, loader).getCandidates();
        Class<?>[] classes = all.stream()
                .filter(name -> name.startsWith("io.servicebreaker."))
                .map(name -> ClassUtils.resolveClassName(name, loader))
                .toArray(Class<?>[]::new);
        assertThat(classes).contains(ServiceBreakerAutoConfiguration.class);
        return classes;
    }
}
