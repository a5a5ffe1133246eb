package io.servicebreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.when;

import io.servicebreaker.annotation.ServiceBreaker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.convention.TestBean;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** Tests of applications put something else in the place of guarded beans. */
@SpringJUnitConfig
@ImportAutoConfiguration(AnnotationAutoConfiguration.class)
@Import({GuardedServices.class, ReplacedBeanTest.Client.class, ReplacedBeanTest.Search.class})
@ExtendWith(OutputCaptureExtension.class)
class ReplacedBeanTest {

    @MockitoBean
    private Client client;

    @MockitoBean
    private Asking added;

    @TestBean
    private Search search;

    @Test
    void startsWithReplacementsOfAnnotatedTypes(@Autowired Client injected) {
        when(client.ask()).thenReturn("mocked");

        assertThat(injected.ask()).isEqualTo("mocked");
        assertThat(added.ask()).isNull();
        assertThat(search.find()).isEqualTo("replaced");
    }

    @Test
    void warnsOfABeanThatWasRegisteredReadyMade(CapturedOutput output) {
        GuardedServices.runner()
                .withInitializer(context -> context.getBeanFactory().registerSingleton("ready", new Client()))
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output).contains("WARN").contains("Bean 'ready' was registered ready-made");
    }

    static Search search() {
        return new Search() {
            @Override
            public String find() {
                return "replaced";
            }
        };
    }

    interface Asking {

        @ServiceBreaker("openai")
        String ask();
    }

    static class Client {

        @ServiceBreaker("openai")
        public String ask() {
            return "asked";
        }
    }

    static class Search {

        @ServiceBreaker("perplexity")
        public String find() {
            return "found";
        }
    }
}
