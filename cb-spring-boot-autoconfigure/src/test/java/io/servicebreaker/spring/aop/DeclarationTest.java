package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.Calling.open;
import static io.servicebreaker.spring.aop.Calling.outcomes;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CallRequest;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.annotation.AliasFor;

class DeclarationTest {

    @Test
    void guardsAllPublicMethodsOfAnAnnotatedType() {
        List<String> outcomes = outcomesOf(OfType.class, bean -> {
            bean.first();
            bean.second();
        });

        assertThat(outcomes).containsExactly("openai SUCCESS", "openai SUCCESS");
    }

    @Test
    void leavesOtherMethodsOfAnAnnotatedTypeAlone() {
        List<String> outcomes = outcomesOf(OfType.class, bean -> {
            bean.packagePrivate();
            assertThat(bean.toString()).isEqualTo("readable");
        });

        assertThat(outcomes).isEmpty();
    }

    @Test
    void prefersTheAnnotationOfTheMethod() {
        List<String> outcomes = outcomesOf(OfType.class, OfType::own);

        assertThat(outcomes).containsExactly("perplexity SUCCESS");
    }

    @Test
    void findsTheAnnotationOfAnInterfaceMethod() {
        List<String> outcomes = outcomesOf(FromInterface.class, bean -> bean.ask("q"));

        assertThat(outcomes).containsExactly("lightrag SUCCESS");
    }

    @Test
    void findsTheAnnotationOfAnInterfaceForTheMethodsOfThatInterface() {
        List<String> outcomes = outcomesOf(FromInterfaceType.class, bean -> {
            bean.ask("q");
            bean.other();
        });

        assertThat(outcomes).containsExactly("openai SUCCESS");
    }

    @Test
    void findsTheAnnotationOfAnInterfaceThatAnInterfaceExtends() {
        List<String> outcomes = outcomesOf(FromDeepInterface.class, FromDeepInterface::ask);

        assertThat(outcomes).containsExactly("openai SUCCESS");
    }

    @Test
    void findsTheAnnotationOfAnInterfaceThatOnlyTheSubclassHas() {
        List<String> outcomes = outcomesOf(LinkedBySubclass.class, bean -> bean.ask("q"));

        assertThat(outcomes).containsExactly("lightrag SUCCESS");
    }

    @Test
    void prefersTheAnnotationOfTheMethodToThatOfTheInterface() {
        List<String> outcomes = outcomesOf(LinkedThoughAnnotated.class, bean -> bean.ask("q"));

        assertThat(outcomes).containsExactly("perplexity SUCCESS");
    }

    @Test
    void findsTheAnnotationOfASuperclass() {
        List<String> outcomes = outcomesOf(Child.class, bean -> {
            bean.first();
            bean.added();
            bean.own();
        });

        assertThat(outcomes).containsExactly("openai SUCCESS", "openai SUCCESS", "perplexity SUCCESS");
    }

    @Test
    void findsTheAnnotationOfAnOverriddenMethod() {
        List<String> outcomes = outcomesOf(Overriding.class, Overriding::ask);

        assertThat(outcomes).containsExactly("openai SUCCESS");
    }

    @Test
    void readsComposedAnnotations() {
        List<String> outcomes = outcomesOf(Composed.class, Composed::ask);

        assertThat(outcomes).containsExactly("perplexity SUCCESS");
    }

    @Test
    void resolvesPlaceholdersInEveryText() {
        GuardedServices.runner()
                .withPropertyValues(
                        "app.provider=lightrag",
                        "app.operation=ask",
                        "app.model=m1",
                        "app.category=c1",
                        "app.else=cached")
                .withBean(Placeholder.class)
                .run(context -> {
                    open(context, "lightrag");

                    assertThat(context.getBean(Placeholder.class).ask()).isEqualTo("cached");
                    assertThat(context.getBean(GuardedServices.Calls.class).requests)
                            .usingRecursiveFieldByFieldElementComparator()
                            .containsExactly(CallRequest.to("lightrag")
                                    .operation("ask")
                                    .model("m1")
                                    .category("c1"));
                });
    }

    @Test
    void doesNotGuardTheFallbackWithTheAnnotationOfTheType() {
        GuardedServices.runner().withBean(TypeWithFallback.class).run(context -> {
            open(context, "openai");

            assertThat(context.getBean(TypeWithFallback.class).ask("q")).isEqualTo("cached q");
        });
    }

    @Test
    void leavesBeansWithoutTheAnnotationAlone() {
        GuardedServices.runner()
                .withBean(Plain.class)
                .run(context -> assertThat(AopUtils.isAopProxy(context.getBean(Plain.class)))
                        .isFalse());
    }

    private static <T> List<String> outcomesOf(Class<T> type, Consumer<T> use) {
        List<String> outcomes = new java.util.ArrayList<>();
        GuardedServices.runner().withBean(type).run(context -> {
            use.accept(context.getBean(type));
            outcomes.addAll(outcomes(context));
        });
        return outcomes;
    }

    @ServiceBreaker("openai")
    static class OfType {

        public void first() {}

        public void second() {}

        @ServiceBreaker("perplexity")
        public void own() {}

        void packagePrivate() {}

        @Override
        public String toString() {
            return "readable";
        }
    }

    static class Child extends OfType {

        public void added() {}
    }

    interface Asking<T> {

        @ServiceBreaker("lightrag")
        T ask(T question);
    }

    static class FromInterface implements Asking<String> {

        @Override
        public String ask(String question) {
            return question;
        }
    }

    @ServiceBreaker("openai")
    interface GuardedType<T> {

        T ask(T question);
    }

    static class FromInterfaceType implements GuardedType<String> {

        @Override
        public String ask(String question) {
            return question;
        }

        public void other() {}
    }

    interface Common {

        @ServiceBreaker("openai")
        void ask();
    }

    interface Port extends Common {}

    static class FromDeepInterface implements Port {

        @Override
        public void ask() {}
    }

    static class KnowsNoInterface {

        public String ask(String question) {
            return question;
        }
    }

    static class LinkedBySubclass extends KnowsNoInterface implements Asking<String> {}

    static class Annotated {

        @ServiceBreaker("perplexity")
        public String ask(String question) {
            return question;
        }
    }

    static class LinkedThoughAnnotated extends Annotated implements Asking<String> {}

    static class Overridden {

        @ServiceBreaker("openai")
        public void ask() {}
    }

    static class Overriding extends Overridden {

        @Override
        public void ask() {}
    }

    @Retention(RetentionPolicy.RUNTIME)
    @ServiceBreaker("openai")
    @interface Guarded {

        @AliasFor(annotation = ServiceBreaker.class, attribute = "value")
        String by();
    }

    static class Composed {

        @Guarded(by = "perplexity")
        public void ask() {}
    }

    static class Placeholder {

        @ServiceBreaker(
                value = "${app.provider}",
                operation = "${app.operation}",
                model = "${app.model}",
                category = "${app.category}",
                fallback = "${app.else}")
        public String ask() {
            return "asked";
        }

        public String cached() {
            return "cached";
        }
    }

    @ServiceBreaker(value = "openai", fallback = "cached")
    static class TypeWithFallback {

        public String ask(String question) {
            return question;
        }

        public String cached(String question) {
            return "cached " + question;
        }
    }

    static class Plain {

        public void ask() {}
    }
}
