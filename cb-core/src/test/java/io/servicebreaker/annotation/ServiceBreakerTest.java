package io.servicebreaker.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServiceBreakerTest {

    @ServiceBreaker("openai")
    private static class Parent {

        @ServiceBreaker("cache")
        void ask() {}
    }

    private static final class Child extends Parent {}

    @Test
    void everythingButTheServiceHasADefault() {
        ServiceBreaker annotation = Parent.class.getAnnotation(ServiceBreaker.class);

        assertThat(annotation.value()).isEqualTo("openai");
        assertThat(annotation.operation()).isEmpty();
        assertThat(annotation.model()).isEmpty();
        assertThat(annotation.estimatedTokens()).isEmpty();
        assertThat(annotation.category()).isEmpty();
        assertThat(annotation.fallback()).isEmpty();
        assertThat(annotation.essential()).isFalse();
        assertThat(annotation.acceptResult()).isEmpty();
    }

    @Test
    void isInheritedByASubclass() {
        assertThat(Child.class.getAnnotation(ServiceBreaker.class)).isNotNull();
    }

    @Test
    void isKeptOnMethodsAtRunTime() throws Exception {
        ServiceBreaker annotation = Parent.class.getDeclaredMethod("ask").getAnnotation(ServiceBreaker.class);

        assertThat(annotation.value()).isEqualTo("cache");
    }
}
