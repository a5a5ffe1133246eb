package io.servicebreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.FallbackFor;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.aop.elsewhere.PackagePrivateMethods;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import kotlin.coroutines.Continuation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.ClassUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@ExtendWith(OutputCaptureExtension.class)
class StartupCheckTest {

    @Test
    void listsTheServicesForAnUnknownOneAndSuggestsTheNearest() {
        assertThat(messageFor(Unknown.class))
                .contains("StartupCheckTest$Unknown.ask(): Service 'opnai' is not configured "
                        + "(configured: lightrag, openai, perplexity). Did you mean 'openai'?");
    }

    @Test
    void refusesABlankService() {
        assertThat(messageFor(Blank.class)).contains("The service name \"  \" is blank.");
    }

    @Test
    void refusesAPlaceholderThatCannotBeResolved() {
        assertThat(messageFor(Placeholder.class))
                .contains("Placeholder.ask(): value = \"${app.missing}\" cannot be resolved")
                .contains("Placeholder.ask(): fallback = \"${app.absent}\" cannot be resolved")
                .contains("Define the property");
    }

    @Test
    void refusesMethodsThatCannotBeGuarded() {
        assertThat(messageFor(Unreachable.class))
                .contains("Unreachable.hidden(): It is private, so no proxy can guard it. Make it public.")
                .contains("Unreachable.shared(): It is static, so no proxy can guard it.")
                .contains("Unreachable.fixed(): It is final, so no proxy can guard it. Remove final.");
    }

    @Test
    void refusesAPrivateMethodOfASuperclass() {
        assertThat(messageFor(ChildOfUnreachable.class)).contains("Unreachable.hidden(): It is private");
    }

    @Test
    void refusesMethodsThatAProxyInAnotherPackageCannotOverride() {
        assertThat(messageFor(HeirFromAnotherPackage.class))
                .contains("PackagePrivateMethods.ask(): It is package-private in another package than the class of its "
                        + "bean, so no proxy can guard it. Make it public or protected.")
                .contains("fallback io.servicebreaker.spring.aop.elsewhere.PackagePrivateMethods.cached() is "
                        + "package-private in another package");
    }

    @Test
    void refusesFallbacksWhoseExceptionsAProxyWouldWrap() {
        assertThat(messageFor(WithUnexpectedException.class))
                .contains(
                        "ask(): fallback io.servicebreaker.spring.aop.StartupCheckTest$WithUnexpectedException.load() "
                                + "throws java.io.IOException, which the guarded method does not declare.")
                .doesNotContain("askPrepared", "askReactively");
    }

    @Test
    void refusesClassesThatCannotBeExtended() {
        assertThat(messageFor(FinalClass.class)).contains("FinalClass is final, so there can be no proxy of it.");
        assertThat(messageFor(ARecord.class)).contains("ARecord is a record, so there can be no proxy of it.");
        assertThat(messageFor(Sealed.class)).contains("Sealed is sealed, so there can be no proxy of it.");
    }

    @Test
    void refusesReturnTypesThatDoNotTellTheEndOfTheCall() {
        assertThat(messageFor(Unsupported.class))
                .contains("future(): The return type java.util.concurrent.Future does not tell when the call ends. "
                        + "Return a CompletableFuture. Supported are")
                .contains(
                        "publisher(): The return type org.reactivestreams.Publisher does not tell when the call ends. "
                                + "Return a Mono or a Flux.")
                .contains("suspending(Continuation): The return type java.util.concurrent.CompletableFuture does not "
                        + "tell when the call ends. Return the value or a Flow.");
    }

    @Test
    void printsTheSignatureThatAFallbackShouldHave() {
        assertThat(messageFor(WrongFallback.class))
                .contains(
                        "missing(String): fallback = \"cachd\": io.servicebreaker.spring.aop.StartupCheckTest$WrongFallback"
                                + " has no method 'cachd'. Expected is String cachd(String question) or "
                                + "String cachd(String question, Exception failure).")
                .contains("otherParameters(int): fallback = \"cached\": cached(String) does not take what "
                        + "otherParameters(int) takes. Expected is String cached(int number)")
                .contains("cached(String) returns java.lang.String, which the caller cannot take. "
                        + "Expected is Integer cached(String question)");
    }

    @Test
    void doesNotTakeTheGuardedMethodForItsOwnFallback() {
        assertThat(messageFor(ItsOwnFallback.class)).contains("ItsOwnFallback has no other method 'ask'.");
    }

    @Test
    void refusesAFallbackThatTakesAListOfOtherElements() {
        assertThat(messageFor(OtherElements.class))
                .contains("cached(List<Integer>) does not take what ask(List<String>) takes.")
                .contains("Expected is String cached(List<String> questions)");
    }

    @Test
    void refusesFallbacksThatAnswerInAnotherWay() {
        assertThat(messageFor(OtherKind.class))
                .contains("OtherKind.later(String) returns")
                .contains("OtherKind.many(String) returns")
                .contains("OtherKind.wrongElement(String) returns");
    }

    @Test
    void refusesFallbacksThatCannotBeCalledThroughTheProxy() {
        assertThat(messageFor(HiddenFallback.class))
                .contains(
                        "HiddenFallback.hidden() is private, so it cannot be called through the proxy. Make it public.")
                .contains("HiddenFallback.shared() is static")
                .contains("HiddenFallback.fixed() is final")
                .contains("HiddenFallback.onError(StackOverflowError) takes an Error");
    }

    @Test
    void refusesAFallbackInAnUnknownBean() {
        assertThat(messageFor(ElsewhereFallback.class))
                .contains(
                        "fallback = \"breaker::load\": there is no bean 'breaker' of a known type. Did you mean 'breakers'?");
    }

    @Test
    void refusesFallbacksThatLeadBackToTheStart() {
        assertThat(messageFor(Cycle.class))
                .contains(
                        "Its fallbacks lead back to itself: Cycle.first -> Cycle.second -> Cycle.third -> Cycle.first.");
    }

    @Test
    void refusesExpressionsThatCannotWork() {
        assertThat(messageFor(WrongExpressions.class))
                .contains("unparsable(String): model = \"#text.(\" does not parse")
                .contains(
                        "unknownName(String): model = \"#txt\" uses #txt, which does not exist. Use one of #p0, #text.")
                .contains(
                        "tooEarly(String): estimatedTokens = \"#result.length()\" uses #result, which does not exist.")
                .contains("bareName(String): acceptResult = \"result.length() > 0\" uses result without saying of what."
                        + " Arguments are written with #: use one of #p0, #text, #result.")
                .contains("type(String): acceptResult = \"T(java.lang.System).exit(1)\" uses T(java.lang.System)")
                .contains("bean(String): acceptResult = \"@breakers != null\" uses @breakers, which is not allowed")
                .contains("assignment(String): acceptResult = \"(#text = 'x') != null\" uses")
                .contains(
                        "notInAProjection(String): acceptResult = \"#this != null\" uses #this, which does not exist");
    }

    @Test
    void acceptsBareNamesWhereTheyHaveATarget() {
        GuardedServices.runner()
                .withBean(RightExpressions.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void refusesToJudgeWhatCannotBeJudged() {
        assertThat(messageFor(NothingToJudge.class))
                .contains("stream(): acceptResult cannot judge a Flux")
                .contains("nothing(): acceptResult cannot judge a method that returns nothing");
    }

    @Test
    void namesABeanThatWasCreatedTooEarly() {
        GuardedServices.runner()
                .withUserConfiguration(TooEarly.class)
                .run(context -> assertThat(context.getStartupFailure())
                        .isInstanceOf(InvalidServiceBreakerException.class)
                        .hasMessageContaining("Bean 'client' was created before it could be proxied"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void wantsAMethodInAnInterfaceWhenProxiesHaveNothingElse(boolean lazy) {
        GuardedServices.runner()
                .withPropertyValues("spring.aop.proxy-target-class=false")
                .withBean(BesideInterface.class, BesideInterface::new, definition -> definition.setLazyInit(lazy))
                .run(context -> assertThat(context.getStartupFailure())
                        .hasMessageContaining(
                                "BesideInterface.beside(): It is in none of the interfaces by which its bean")
                        .hasMessageContaining("fallback io.servicebreaker.spring.aop.StartupCheckTest$BesideInterface"
                                + ".cached() is in none of the interfaces"));
    }

    @Test
    void acceptsAFinalLazyClassThatWillBeProxiedByItsInterfaces() {
        GuardedServices.runner()
                .withPropertyValues("spring.aop.proxy-target-class=false")
                .withBean(FinalWithInterface.class, FinalWithInterface::new, definition -> definition.setLazyInit(true))
                .run(context -> {
                    assertThat(context).hasNotFailed();

                    context.getBean(Other.class).other();

                    assertThat(Calling.outcomes(context)).containsExactly("openai SUCCESS");
                });
    }

    @Test
    void checksLazyBeansByTheirType() {
        GuardedServices.runner()
                .withBean(Unknown.class, Unknown::new, definition -> definition.setLazyInit(true))
                .run(context -> assertThat(context).getFailure().hasMessageContaining("'opnai' is not configured"));
    }

    @Test
    void checksABeanOfUnforeseenTypeWhenItIsCreated() {
        GuardedServices.runner()
                .withBean("late", Object.class, Unknown::new, definition -> definition.setLazyInit(true))
                .run(context -> {
                    assertThat(context).hasNotFailed();

                    assertThatThrownBy(() -> context.getBean("late"))
                            .rootCause()
                            .isInstanceOf(InvalidServiceBreakerException.class)
                            .hasMessageContaining("'opnai' is not configured");
                });
    }

    @Test
    void reportsTheMistakesOfAllBeansTogether() {
        GuardedServices.runner()
                .withBean(Unknown.class)
                .withBean(Blank.class)
                .withBean(FinalClass.class)
                .run(context -> {
                    FailureAnalysis analysis =
                            new InvalidServiceBreakerFailureAnalyzer().analyze(context.getStartupFailure());

                    assertThat(analysis.getDescription())
                            .startsWith("3 uses of @ServiceBreaker cannot work:")
                            .contains("1. " + Unknown.class.getName() + ".ask()")
                            .contains("2. " + Blank.class.getName() + ".ask()")
                            .contains("3. " + FinalClass.class.getName() + ".ask()");
                    assertThat(analysis.getAction()).contains("1. Did you mean 'openai'?", "2. Write", "3. Make it");
                });
    }

    @Test
    void tellsTheUserWhenAnApplicationDoesNotStart(CapturedOutput output) {
        SpringApplication application = new SpringApplication(FailingApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE);

        assertThatThrownBy(application::run).isInstanceOf(InvalidServiceBreakerException.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("A use of @ServiceBreaker cannot work:")
                .contains("1. " + Unknown.class.getName() + ".ask()");
    }

    @Test
    void logsTheLadderOfEachMethod(CapturedOutput output) {
        LoggingSystem logging = LoggingSystem.get(ClassUtils.getDefaultClassLoader());
        String logger = GuardedMethodFactory.class.getName();
        logging.setLogLevel(logger, LogLevel.DEBUG);

        GuardedServices.runner()
                .withBean(Laddered.class)
                .run(context -> assertThat(output)
                        .contains(
                                "Guarding io.servicebreaker.spring.aop.StartupCheckTest$Laddered.ask(): service 'openai', "
                                        + "operation 'ask', fallbacks Laddered.second -> Laddered.cached"));

        logging.setLogLevel(logger, null);
    }

    @Test
    void namesFallbacksThatAreNeverAskedOrBetweenWhichNobodyCouldChoose() {
        assertThat(messageFor(Caused.class))
                .contains("fallbacks io.servicebreaker.spring.aop.StartupCheckTest$Caused.slow() and ")
                .contains("Caused.late() are both for [TIMEOUT]. Name different causes on them by @FallbackFor.")
                .contains("Caused.one() and ")
                .contains("Caused.other() are both for all causes.")
                .contains("Caused.nothing() names no cause.")
                .contains("Caused.gone() names CANCELLED, and nobody is asked when the caller has given up.")
                .contains("Caused.shut(IOException) names reasons of refusals, which are no IOException.")
                .contains("Caused.slowRefusal(CallRejectedException) names causes of failures");
    }

    @Test
    void namesDeadlinesThatAreNone() {
        assertThat(messageFor(Untimely.class))
                .contains("Untimely.never(): deadline = \"0s\" is no time that a call can have.")
                .contains("Untimely.soon(): deadline = \"soon\" is no time that a call can have.")
                .contains("Write one such as 20s");
    }

    @Test
    void namesConfidencesOfWhatCannotBeJudged() {
        assertThat(messageFor(Unsure.class)).contains("confidence cannot judge a method that returns nothing.");
    }

    @Test
    void namesLaddersThatAreTooDeep() {
        assertThat(messageFor(Deep.class))
                .contains("Deep.a(): Its fallbacks form a ladder of 9, which is deeper than"
                        + " service-breaker.ladder.max-depth = 8. Make it shorter, or allow more.")
                .doesNotContain("Deep.b():");
    }

    @Test
    void allowsLaddersAsDeepAsIsConfigured() {
        ApplicationContextRunner runner = new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(ServiceBreakerAutoConfiguration.class, AnnotationAutoConfiguration.class))
                .withPropertyValues("service-breaker.services.openai.provider=openai")
                .withBean(Deep.class);

        runner.withPropertyValues("service-breaker.ladder.max-depth=9")
                .run(context -> assertThat(context).hasNotFailed());
        runner.withPropertyValues("service-breaker.ladder.max-depth=7")
                .run(context -> assertThat(context.getStartupFailure())
                        .hasMessageContaining("Deep.b(): Its fallbacks form a ladder of 8"));
    }

    private static String messageFor(Class<?> type) {
        String[] message = {""};
        GuardedServices.runner().withBean(type).run(context -> {
            assertThat(context.getStartupFailure()).isInstanceOf(InvalidServiceBreakerException.class);
            message[0] = String.valueOf(context.getStartupFailure().getMessage());
        });
        return message[0];
    }

    static class Unknown {

        @ServiceBreaker("opnai")
        public void ask() {}
    }

    static class Blank {

        @ServiceBreaker("  ")
        public void ask() {}
    }

    static class Placeholder {

        @ServiceBreaker(value = "${app.missing}", fallback = "${app.absent}")
        public void ask() {}
    }

    static class Unreachable {

        @ServiceBreaker("openai")
        private void hidden() {}

        @ServiceBreaker("openai")
        public static void shared() {}

        @ServiceBreaker("openai")
        public final void fixed() {
            hidden();
        }
    }

    static class ChildOfUnreachable extends Unreachable {}

    static class HeirFromAnotherPackage extends PackagePrivateMethods {}

    static class WithUnexpectedException {

        @ServiceBreaker(value = "openai", fallback = "load")
        public void ask() {}

        public void load() throws IOException {}

        @ServiceBreaker(value = "openai", fallback = "read")
        public String askPrepared() throws Exception {
            return "";
        }

        public String read() throws IOException {
            return "";
        }

        @ServiceBreaker(value = "openai", fallback = "signal")
        public Mono<String> askReactively() {
            return Mono.empty();
        }

        public Mono<String> signal() throws IOException {
            return Mono.empty();
        }
    }

    static final class FinalClass {

        @ServiceBreaker("openai")
        public void ask() {}
    }

    record ARecord() {

        @ServiceBreaker("openai")
        public void ask() {}
    }

    static sealed class Sealed {

        @ServiceBreaker("openai")
        public void ask() {}
    }

    static final class OnlyHeir extends Sealed {}

    static class Unsupported {

        @ServiceBreaker("openai")
        public Future<String> future() {
            return CompletableFuture.completedFuture("");
        }

        @ServiceBreaker("openai")
        public Publisher<String> publisher() {
            return Mono.empty();
        }

        @ServiceBreaker("openai")
        public Object suspending(Continuation<? super CompletableFuture<String>> continuation) {
            return continuation;
        }
    }

    static class WrongFallback {

        @ServiceBreaker(value = "openai", fallback = "cachd")
        public String missing(String question) {
            return question;
        }

        @ServiceBreaker(value = "openai", fallback = "cached")
        public String otherParameters(int number) {
            return "" + number;
        }

        @ServiceBreaker(value = "openai", fallback = "cached")
        public Integer otherReturn(String question) {
            return 1;
        }

        public String cached(String question) {
            return question;
        }
    }

    static class ItsOwnFallback {

        @ServiceBreaker(value = "openai", fallback = "ask")
        public void ask() {}
    }

    static class OtherElements {

        @ServiceBreaker(value = "openai", fallback = "cached")
        public String ask(List<String> questions) {
            return "";
        }

        public String cached(List<Integer> numbers) {
            return "";
        }
    }

    static class OtherKind {

        @ServiceBreaker(value = "openai", fallback = "later")
        public String now(String question) {
            return question;
        }

        public CompletableFuture<String> later(String question) {
            return CompletableFuture.completedFuture(question);
        }

        @ServiceBreaker(value = "openai", fallback = "many")
        public Mono<String> one(String question) {
            return Mono.just(question);
        }

        public Flux<String> many(String question) {
            return Flux.just(question);
        }

        @ServiceBreaker(value = "openai", fallback = "wrongElement")
        public Mono<String> element(String question) {
            return Mono.just(question);
        }

        public Mono<Integer> wrongElement(String question) {
            return Mono.just(1);
        }
    }

    static class HiddenFallback {

        @ServiceBreaker(value = "openai", fallback = "hidden")
        public void first() {
            hidden();
        }

        private void hidden() {}

        @ServiceBreaker(value = "openai", fallback = "shared")
        public void second() {}

        public static void shared() {}

        @ServiceBreaker(value = "openai", fallback = "fixed")
        public void third() {}

        public final void fixed() {}

        @ServiceBreaker(value = "openai", fallback = "onError")
        public void fourth() {}

        public void onError(StackOverflowError error) {}
    }

    static class ElsewhereFallback {

        @ServiceBreaker(value = "openai", fallback = "breaker::load")
        public void ask() {}
    }

    static class Cycle {

        @ServiceBreaker(value = "openai", fallback = "second")
        public void first() {}

        @ServiceBreaker(value = "lightrag", fallback = "third")
        public void second() {}

        @ServiceBreaker(value = "perplexity", fallback = "first")
        public void third() {}
    }

    static class WrongExpressions {

        @ServiceBreaker(value = "openai", model = "#text.(")
        public void unparsable(String text) {}

        @ServiceBreaker(value = "openai", model = "#txt")
        public void unknownName(String text) {}

        @ServiceBreaker(value = "openai", estimatedTokens = "#result.length()")
        public void tooEarly(String text) {}

        @ServiceBreaker(value = "openai", acceptResult = "result.length() > 0")
        public String bareName(String text) {
            return text;
        }

        @ServiceBreaker(value = "openai", acceptResult = "T(java.lang.System).exit(1)")
        public String type(String text) {
            return text;
        }

        @ServiceBreaker(value = "openai", acceptResult = "@breakers != null")
        public String bean(String text) {
            return text;
        }

        @ServiceBreaker(value = "openai", acceptResult = "(#text = 'x') != null")
        public String assignment(String text) {
            return text;
        }

        @ServiceBreaker(value = "openai", acceptResult = "#this != null")
        public String notInAProjection(String text) {
            return text;
        }
    }

    static class RightExpressions {

        @ServiceBreaker(
                value = "openai",
                acceptResult = "#result.?[#this.length() > #least].![bytes.length].size() > #p0")
        public List<String> ask(int least) {
            return List.of();
        }
    }

    static class NothingToJudge {

        @ServiceBreaker(value = "openai", acceptResult = "#result != null")
        public Flux<String> stream() {
            return Flux.empty();
        }

        @ServiceBreaker(value = "openai", acceptResult = "#result == null")
        public void nothing() {}
    }

    static class Client {

        @ServiceBreaker("openai")
        public void ask() {}
    }

    @Configuration(proxyBeanMethods = false)
    static class TooEarly {

        @Bean
        Client client() {
            return new Client();
        }

        @Bean
        static BeanFactoryPostProcessor eager() {
            return beans -> beans.getBean(Client.class);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(AnnotationAutoConfiguration.class)
    @Import({GuardedServices.class, Unknown.class})
    static class FailingApplication {}

    interface Other {

        void other();
    }

    static final class FinalWithInterface implements Other {

        @Override
        @ServiceBreaker("openai")
        public void other() {}
    }

    static class BesideInterface implements Other {

        @Override
        @ServiceBreaker(value = "openai", fallback = "cached")
        public void other() {}

        public void cached() {}

        @ServiceBreaker("openai")
        public void beside() throws IOException {}
    }

    static class Laddered {

        @ServiceBreaker(value = "openai", fallback = "second")
        public void ask() {}

        @ServiceBreaker(value = "perplexity", fallback = "cached")
        public void second() {}

        public void cached() {}
    }

    static class Caused {

        @ServiceBreaker(value = "openai", fallback = "slow, late, one, other, nothing, gone, shut, slowRefusal")
        public void ask() throws IOException {}

        @FallbackFor({FailureCause.TIMEOUT, FailureCause.OVERLOADED})
        public void slow() {}

        @FallbackFor(FailureCause.TIMEOUT)
        public void late() {}

        public void one() {}

        public void other() {}

        @FallbackFor
        public void nothing() {}

        @FallbackFor(FailureCause.CANCELLED)
        public void gone() {}

        @FallbackFor(reasons = RejectionReason.OPEN)
        public void shut(IOException why) {}

        @FallbackFor(FailureCause.QUOTA)
        public void slowRefusal(CallRejectedException why) {}
    }

    static class Untimely {

        @ServiceBreaker(value = "openai", deadline = "0s")
        public void never() {}

        @ServiceBreaker(value = "openai", deadline = "soon")
        public void soon() {}
    }

    static class Unsure {

        @ServiceBreaker(value = "openai", confidence = "#result")
        public void tell() {}
    }

    static class Deep {

        @ServiceBreaker(value = "openai", fallback = "b")
        public void a() {}

        @ServiceBreaker(value = "openai", fallback = "c")
        public void b() {}

        @ServiceBreaker(value = "openai", fallback = "d")
        public void c() {}

        @ServiceBreaker(value = "openai", fallback = "e")
        public void d() {}

        @ServiceBreaker(value = "openai", fallback = "f")
        public void e() {}

        @ServiceBreaker(value = "openai", fallback = "g")
        public void f() {}

        @ServiceBreaker(value = "openai", fallback = "h")
        public void g() {}

        @ServiceBreaker(value = "openai", fallback = "i")
        public void h() {}

        @ServiceBreaker(value = "openai", fallback = "j")
        public void i() {}

        public void j() {}
    }
}
