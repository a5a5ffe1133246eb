package io.servicebreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.spring.actuate.Http.Answer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** Who may give commands where Spring Security lets everybody at the endpoint. */
@ExtendWith(OutputCaptureExtension.class)
class CommandRolesTest {

    private static final String COMMAND = "{\"updateState\": \"FORCE_OPEN\", \"reason\": \"x\"}";
    private static final String EVENT = "{\"type\": \"DEPLOYMENT\", \"reason\": \"x\"}";
    private static final String OVERRIDE =
            "{\"action\": \"OVERRIDE_BUDGET\", \"reason\": \"x\", \"expiresIn\": \"1h\"}";

    /** Each with their name as password. The chief has an authority that is no role. */
    private static final List<UserDetails> PEOPLE = List.of(
            User.withUsername("operator")
                    .password("{noop}operator")
                    .roles("BREAKER_OPERATOR")
                    .build(),
            User.withUsername("chief")
                    .password("{noop}chief")
                    .authorities("BREAKER_EMERGENCY")
                    .build(),
            User.withUsername("guest").password("{noop}guest").roles("USER").build());

    private ConfigurableApplicationContext application;
    private Http http;

    private void start(WebApplicationType type, String... more) {
        SpringApplication starting = new SpringApplication(Application.class);
        starting.setWebApplicationType(type);
        List<String> arguments = new CopyOnWriteArrayList<>(List.of(
                "--server.port=0",
                "--management.endpoints.web.exposure.include=circuitbreakers",
                "--management.endpoint.circuitbreakers.access=unrestricted",
                "--service-breaker.services.openai.failure-threshold=3"));
        arguments.addAll(List.of(more));
        application = starting.run(arguments.toArray(String[]::new));
        http = new Http(
                application.getEnvironment().getRequiredProperty("local.server.port", int.class),
                "/actuator/circuitbreakers");
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SERVLET", "REACTIVE"})
    void eachCommandNeedsItsRole(WebApplicationType type) {
        start(type);

        check(http.as("guest"), 403, 403);
        check(http, 403, 403);
        check(http.as("chief"), 403, 200);
        assertThat(state()).isEqualTo(BreakerState.CLOSED);
        check(http.as("operator"), 200, 403);
        assertThat(state()).isEqualTo(BreakerState.FORCED_OPEN);
        assertThat(http.as("chief")
                        .post("/emergency", OVERRIDE)
                        .json()
                        .path("by")
                        .asString())
                .isEqualTo("chief");
    }

    private static void check(Http caller, int toBreaker, int inEmergency) {
        assertThat(caller.post("/openai", COMMAND).status()).isEqualTo(toBreaker);
        assertThat(caller.post("/events", EVENT).status()).isEqualTo(toBreaker);
        assertThat(caller.post("/emergency", OVERRIDE).status()).isEqualTo(inEmergency);
        assertThat(caller.get("/openai").status()).isEqualTo(200);
    }

    @Test
    void namesTheRoleThatIsNeededAndLeavesATrace(CapturedOutput output) {
        start(WebApplicationType.SERVLET);

        Answer answer = http.as("guest").post("/emergency", OVERRIDE);

        assertThat(answer.json().path("error").asString()).isEqualTo("the command needs the role BREAKER_EMERGENCY");
        assertThat(answer.json().path("allowed").toString()).isEqualTo("[\"BREAKER_EMERGENCY\"]");
        assertThat(output)
                .contains("guest may not give commands to the whole application: the role BREAKER_EMERGENCY is needed");
        assertThat(application.getBean(Audits.class).seen).singleElement().satisfies(audit -> {
            assertThat(audit.getPrincipal()).isEqualTo("guest");
            assertThat(audit.getType()).isEqualTo("SERVICE_BREAKER_COMMAND_DENIED");
            assertThat(audit.getData()).containsEntry("role", "BREAKER_EMERGENCY");
        });
    }

    @Test
    void takesTheRolesOfTheConfiguration() {
        start(
                WebApplicationType.SERVLET,
                "--service-breaker.security.operator-role=ROLE_USER",
                "--service-breaker.security.emergency-role=BREAKER_OPERATOR");

        assertThat(http.as("guest").post("/openai", COMMAND).status()).isEqualTo(200);
        assertThat(http.as("operator").post("/openai", COMMAND).status()).isEqualTo(403);
        assertThat(http.as("operator").post("/emergency", OVERRIDE).status()).isEqualTo(200);
    }

    private BreakerState state() {
        return application.getBean(Breakers.class).breaker("openai").state();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName =
                    "io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration")
    static class Application {

        @Bean
        Audits audits() {
            return new Audits();
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnWebApplication(type = Type.SERVLET)
        @EnableWebSecurity
        static class Servlet {

            @Bean
            UserDetailsService people() {
                return new InMemoryUserDetailsManager(PEOPLE);
            }

            @Bean
            SecurityFilterChain chain(HttpSecurity http) throws Exception {
                return http.csrf(csrf -> csrf.disable())
                        .httpBasic(Customizer.withDefaults())
                        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                        .build();
            }
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnWebApplication(type = Type.REACTIVE)
        @EnableWebFluxSecurity
        static class Reactive {

            @Bean
            MapReactiveUserDetailsService people() {
                return new MapReactiveUserDetailsService(PEOPLE);
            }

            @Bean
            SecurityWebFilterChain chain(ServerHttpSecurity http) {
                return http.csrf(csrf -> csrf.disable())
                        .httpBasic(Customizer.withDefaults())
                        .authorizeExchange(exchanges -> exchanges.anyExchange().permitAll())
                        .build();
            }
        }
    }

    static class Audits {

        private final List<AuditEvent> seen = new CopyOnWriteArrayList<>();

        @EventListener
        void on(AuditApplicationEvent event) {
            seen.add(event.getAuditEvent());
        }
    }
}
