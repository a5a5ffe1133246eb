package io.servicebreaker.spring.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.servicebreaker.breaker.BackendSnapshot;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.LocalProvider;
import io.servicebreaker.spring.LocalProvider.Reply;
import io.servicebreaker.spring.ServiceBackends;
import io.servicebreaker.spring.loadbalancer.BalancedApplication.Kind;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;

/** A load balancer is kept from instances that do not work. */
class BalancedInstancesTest {

    private static final String SERVICE = "http://inventory/items";
    private static final Reply DOWN = Reply.error(500, "server_error");

    private final LocalProvider first = new LocalProvider(Reply.chat());
    private final LocalProvider second = new LocalProvider(DOWN, DOWN, Reply.chat());
    private final LocalProvider third = new LocalProvider(Reply.chat());

    @AfterEach
    void stop() {
        first.close();
        second.close();
        third.close();
    }

    @ParameterizedTest
    @EnumSource
    void nearlyAllCallsReachALiveOneWhileOneOfThreeIsDownA46(Kind kind) {
        LocalProvider down = new LocalProvider(DOWN);
        run(first, down, third, context -> {
            ask(kind, context, 12);
            assertThat(states(context)).containsExactly(BreakerState.CLOSED, BreakerState.OPEN, BreakerState.CLOSED);

            int failed = ask(kind, context, 120);

            assertThat(failed).isZero();
            assertThat(down.received()).hasSize(2);
            assertThat(first.received()).hasSizeGreaterThan(50);
            assertThat(third.received()).hasSizeGreaterThan(50);
        });
        down.close();
    }

    @ParameterizedTest
    @EnumSource
    void guardsTheServiceUnderTheNameThatTheBalancerKnows(Kind kind) {
        run(first, second, third, context -> {
            ask(kind, context, 20);

            assertThat(service(context).snapshot().calls()).isEqualTo(20);
            assertThat(service(context).state()).isEqualTo(BreakerState.CLOSED);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_CLIENT", "WEB_CLIENT"})
    void leavesOutAnInstanceThatIsNotThere(Kind kind) {
        second.close();
        run(first, second, third, context -> {
            ask(kind, context, 12);

            assertThat(states(context)).containsExactly(BreakerState.CLOSED, BreakerState.OPEN, BreakerState.CLOSED);
            assertThat(ask(kind, context, 60)).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_CLIENT", "WEB_CLIENT"})
    void probesAnInstanceThatIsDueAndTakesItBack(Kind kind) {
        run(first, second, third, context -> {
            ask(kind, context, 12);
            context.getBean(FakeTime.class).advance(Duration.ofSeconds(61));

            int failed = ask(kind, context, 30);

            assertThat(failed).isZero();
            assertThat(states(context)).containsOnly(BreakerState.CLOSED);
            assertThat(second.received()).hasSizeGreaterThan(8);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_CLIENT", "WEB_CLIENT"})
    void leavesAllInstancesWhereAllAreDown(Kind kind) {
        LocalProvider one = new LocalProvider(DOWN);
        LocalProvider other = new LocalProvider(DOWN);
        run(
                BalancedApplication.found(runner(), "inventory", one, other)
                        .withPropertyValues("service-breaker.http-clients.enabled=false"),
                context -> {
                    ask(kind, context, 8);
                    assertThat(states(context)).containsOnly(BreakerState.OPEN);

                    ask(kind, context, 10);

                    assertThat(one.received()).hasSize(9);
                    assertThat(other.received()).hasSize(9);
                });
        one.close();
        other.close();
    }

    @Test
    void theServicesOwnBreakerDecidesWhereAllAreDown() {
        LocalProvider down = new LocalProvider(DOWN);
        run(BalancedApplication.found(runner(), "inventory", down), context -> {
            ask(Kind.REST_CLIENT, context, 10);

            assertThat(down.received()).hasSize(4);
            assertThat(service(context).state()).isEqualTo(BreakerState.OPEN);
        });
        down.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_CLIENT", "WEB_CLIENT"})
    void callersMistakesSayNothingAboutAnInstance(Kind kind) {
        LocalProvider strict = new LocalProvider(Reply.error(400, "invalid_request_error"));
        run(strict, first, third, context -> {
            ask(kind, context, 30);

            assertThat(states(context)).containsOnly(BreakerState.CLOSED);
            assertThat(strict.received()).hasSize(10);
        });
        strict.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_CLIENT", "WEB_CLIENT"})
    void leavesOutAnInstanceThatThrottlesUs(Kind kind) {
        LocalProvider throttling = new LocalProvider(Reply.error(429, "rate_limit_exceeded"));
        run(first, throttling, third, context -> {
            ask(kind, context, 30);

            assertThat(states(context)).containsExactly(BreakerState.CLOSED, BreakerState.OPEN, BreakerState.CLOSED);
            assertThat(throttling.received()).hasSize(1);
        });
        throttling.close();
    }

    @Test
    void aRefusedCredentialOfManySaysNothingAboutAnInstance() {
        LocalProvider refusing = new LocalProvider(Reply.error(401, "invalid_api_key"));
        run(first, refusing, third, context -> {
            for (int i = 0; i < 3; i++) {
                CallRequest ofOne = CallRequest.to("inventory").credential("tenant-" + i);
                OngoingCall call = context.getBean(CallOrchestrator.class).begin(ofOne);
                OngoingCall around = CurrentCall.enter(call);
                ask(Kind.REST_CLIENT, context, 1);
                CurrentCall.leave(around);
                call.close();
            }

            assertThat(refusing.received()).hasSize(1);
            assertThat(states(context)).containsOnly(BreakerState.CLOSED);
        });
        refusing.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_CLIENT", "WEB_CLIENT"})
    void leavesServicesAloneThatAreNotConfigured(Kind kind) {
        LocalProvider down = new LocalProvider(DOWN);
        run(BalancedApplication.found(runner(), "shipping", first, down), context -> {
            for (int i = 0; i < 40; i++) {
                catchThrowable(() -> kind.ask(context, "http://shipping/parcels"));
            }

            assertThat(down.received()).hasSize(20);
            assertThat(supplier(context, "shipping")).isNotInstanceOf(CallableInstances.class);
        });
        down.close();
    }

    @Test
    void leavesAServiceAloneWhoseBackendsAreConfigured() {
        run(
                runner().withPropertyValues("service-breaker.services.inventory.backends.eu.url=" + first.url()),
                context -> {
                    assertThat(supplier(context, "inventory")).isNotInstanceOf(CallableInstances.class);
                    assertThat(backends(context))
                            .extracting(seen -> seen.backend().id())
                            .containsExactly("eu");
                });
    }

    @Test
    void choosesAmongWhatTheApplicationSuppliesItself() {
        run(runner().withUserConfiguration(OwnInstances.class), context -> {
            assertThat(supplier(context, "inventory")).isInstanceOf(CallableInstances.class);
        });
    }

    @Test
    void showsEachInstance() {
        run(first, second, third, context -> {
            assertThat(backends(context)).isEmpty();

            ask(Kind.REST_CLIENT, context, 12);

            assertThat(backends(context))
                    .extracting(seen -> seen.backend().id())
                    .containsExactly("inventory-0", "inventory-1", "inventory-2");
            assertThat(backends(context))
                    .extracting(seen -> seen.backend().url().toString())
                    .containsExactly(first.url(), second.url(), third.url());
            assertThat(backends(context)).extracting(BackendSnapshot::share).containsExactly(0.5, 0.0, 0.5);
        });
    }

    @Test
    void closesTheInstancesOfAServiceThatAnOperatorCloses() {
        run(first, second, third, context -> {
            ask(Kind.REST_CLIENT, context, 12);

            service(context).close("repaired", null);

            assertThat(states(context)).containsOnly(BreakerState.CLOSED);
        });
    }

    @Test
    void doesNothingUnlessAsked() {
        run(
                BalancedApplication.found(runner(), "inventory", first, second, third)
                        .withPropertyValues("service-breaker.integration.load-balancer=false"),
                context -> {
                    ask(Kind.REST_CLIENT, context, 12);

                    assertThat(context.getBeanNamesForType(BalancedServices.class))
                            .isEmpty();
                    assertThat(supplier(context, "inventory")).isNotInstanceOf(CallableInstances.class);
                    assertThat(context.getBean(LoadBalancerClientFactory.class)
                                    .getInstances("inventory", LoadBalancerLifecycle.class))
                            .isEmpty();
                    assertThat(backends(context)).isEmpty();
                    assertThat(second.received()).hasSize(4);
                });
    }

    /** As an application may have it, outside of what the balancer makes for each service. */
    @Configuration(proxyBeanMethods = false)
    static class OwnInstances {

        @Bean
        ServiceInstanceListSupplier instances() {
            return new ServiceInstanceListSupplier() {
                @Override
                public String getServiceId() {
                    return "inventory";
                }

                @Override
                public Flux<List<ServiceInstance>> get() {
                    return Flux.just(List.of());
                }
            };
        }
    }

    private static ApplicationContextRunner runner() {
        return BalancedApplication.runner();
    }

    private void run(LocalProvider a, LocalProvider b, LocalProvider c, Consumer<ApplicationContext> test) {
        run(BalancedApplication.found(runner(), "inventory", a, b, c), test);
    }

    private static void run(ApplicationContextRunner runner, Consumer<ApplicationContext> test) {
        runner.run(context -> {
            assertThat(context).hasNotFailed();
            test.accept(context);
        });
    }

    /** How many of them failed. */
    private static int ask(Kind kind, ApplicationContext context, int times) {
        int failed = 0;
        for (int i = 0; i < times; i++) {
            failed += catchThrowable(() -> kind.ask(context, SERVICE)) == null ? 0 : 1;
        }
        return failed;
    }

    private static ServiceInstanceListSupplier supplier(ApplicationContext context, String service) {
        return context.getBean(LoadBalancerClientFactory.class).getInstance(service, ServiceInstanceListSupplier.class);
    }

    private static Breaker service(ApplicationContext context) {
        return context.getBean(Breakers.class).breaker("inventory");
    }

    private static List<BackendSnapshot> backends(ApplicationContext context) {
        return context.getBean(ServiceBackends.class).snapshot("inventory");
    }

    private static List<BreakerState> states(ApplicationContext context) {
        return backends(context).stream().map(seen -> seen.breaker().state()).toList();
    }
}
