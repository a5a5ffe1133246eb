package io.servicebreaker.sample.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SimulatorConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withUserConfiguration(SimulatorConfiguration.class)
            .withPropertyValues("simulator.port=0");

    @Test
    void runsWithTheContext() {
        runner.run(context ->
                assertThat(context.getBean(Simulator.class).isRunning()).isTrue());
    }

    @Test
    void canBeSwitchedOff() {
        runner.withPropertyValues("simulator.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(Simulator.class));
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "simulator.port, 70000, 0 to 65535",
        "simulator.latency-scale, -1, 0 to 1000",
        "simulator.latency-sigma, 9, 0 to 3",
        "simulator.hang-limit, 1h, at most 10m",
        "simulator.median-latency.openai, -1s, 0 or more",
        "simulator.openai.requests-per-minute, 0, 1 or more"
    })
    void failsOnAValueOutOfRangeAndNamesIt(String property, String value, String allowed) {
        runner.withPropertyValues(property + "=" + value)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining(property)
                        .hasMessageContaining(allowed));
    }

    @Test
    void failsOnAReplayThatCannotBePlayed() {
        runner.withPropertyValues("replay=mistral@60")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidReplayException.class)
                        .hasMessageContaining("mistral@60"));
    }

    @Test
    void explainsHowToWriteAReplay() {
        FailureAnalysis analysis =
                new ReplayFailureAnalyzer().analyze(new InvalidReplayException("mistral@60", "unknown provider"));

        assertThat(analysis.getDescription()).contains("mistral@60", "unknown provider");
        assertThat(analysis.getAction()).contains("--replay=openai@60", "perplexity");
    }

    @Test
    void saysThatItsPortIsTakenAndWhichPropertyHoldsIt(CapturedOutput output) {
        try (RunningSimulator other = RunningSimulator.start()) {
            int port = other.simulator.controlUrl().getPort();
            SpringApplication application = new SpringApplication(SimulatorConfiguration.class);
            application.setWebApplicationType(WebApplicationType.NONE);

            assertThatExceptionOfType(BeanCreationException.class)
                    .isThrownBy(() -> application.run("--simulator.port=" + port));

            assertThat(output)
                    .contains("The simulator cannot listen on port " + port)
                    .contains("--simulator.port=")
                    .doesNotContain("Web server failed to start");
        }
    }
}
