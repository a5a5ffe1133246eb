package io.servicebreaker.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.coordination.CoordinatedService.Dependence;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Whatever happens: once it is over, the system is back to normal in bounded time without any command. */
class BackToNormalTest {

    private static final int SCHEDULES = 10_000;
    private static final Duration STEP = Duration.ofSeconds(2);
    private static final Duration TROUBLE = Duration.ofMinutes(2);
    private static final Duration LONGEST_OPEN = Duration.ofSeconds(40);

    /** A last failed probe just before the end, the window, a heap's that nothing asks for, an emergency's, and each level's. */
    private static final Duration BOUND = LONGEST_OPEN
            .plus(Duration.ofSeconds(10))
            .plus(Duration.ofSeconds(10))
            .plus(LoadWatch.COLLECTED_WITHIN)
            .plus(SystemHealth.DWELL.multipliedBy(DegradationMeter.LEVELS + 1))
            .plus(STEP.multipliedBy(4));

    private static final Events EVENTS = new Events();

    @AfterAll
    static void close() {
        EVENTS.close();
    }

    @Test
    void afterTenThousandRandomSchedulesOfFaults() {
        int emergencies = 0;
        int shedding = 0;
        for (int seed = 0; seed < SCHEDULES; seed++) {
            Course course = new Course(new Random(seed));
            emergencies += course.suffer() ? 1 : 0;
            shedding += course.system.callsShed() > 0 ? 1 : 0;
            course.heal();

            assertThat(course.isNormal())
                    .as("schedule %d: %s", seed, course.system.snapshot())
                    .isTrue();
        }
        assertThat(emergencies).isGreaterThan(SCHEDULES / 20); // or nothing would be shown of them
        assertThat(shedding).isGreaterThan(SCHEDULES / 20);
    }

    /** Some services with random dependencies, faults and traffic. */
    private static final class Course {

        private final Random random;
        private final FakeTime time = new FakeTime();
        private final List<CoordinatedService> services = new ArrayList<>();
        private final Map<String, int[]> faults = new LinkedHashMap<>();
        private final Breakers breakers;
        private final SystemHealth system;
        private final HandMovedLoad load = new HandMovedLoad();
        private final LoadWatch loads;
        private final boolean isShort;
        private final int[] shortOfHeap;
        private final int[] shortOfCpu;
        private int step;

        Course(Random random) {
            this.random = random;
            int count = 2 + random.nextInt(5);
            BreakerSettings settings = BreakerSettings.defaults().toBuilder()
                    .failureThreshold(3)
                    .minimumCalls(4)
                    .window(Duration.ofSeconds(10))
                    .recoveryTimeout(Duration.ofSeconds(10))
                    .maxRecoveryTimeout(LONGEST_OPEN)
                    .timeoutThreshold(Duration.ofSeconds(5))
                    .probeTimeout(Duration.ofSeconds(10))
                    .slowCallDuration(Duration.ofSeconds(4))
                    .halfOpenMaxRequests(1 + random.nextInt(2))
                    .build();
            Map<String, BreakerSettings> all = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                String name = "s" + i;
                all.put(name, settings);
                services.add(new CoordinatedService(
                        name,
                        0.5 + random.nextDouble() * 2,
                        i == 0,
                        i > 0 && random.nextInt(3) == 0 ? List.of("s" + random.nextInt(i)) : List.of(),
                        random.nextBoolean() ? Dependence.REFUSE : Dependence.DEGRADE));
                faults.put(name, interval());
            }
            isShort = random.nextInt(4) == 0;
            shortOfHeap = interval();
            shortOfCpu = interval();
            breakers = new Breakers(all, time, EVENTS, 1 + random.nextInt(3));
            CoordinationSettings usual = CoordinationSettings.DEFAULTS;
            CoordinationSettings coordination = new CoordinationSettings(
                    true,
                    usual.cascadeDelay(),
                    6,
                    true,
                    usual.steps(),
                    usual.syncInterval(),
                    usual.timeout(),
                    usual.healthThreshold(),
                    2,
                    true,
                    usual.emergencyTimeout(),
                    usual.exhaustionThreshold());
            loads = new LoadWatch(load, coordination, true, time);
            system = new SystemHealth(coordination, services, breakers, time, EVENTS, HandMovedLoad.vitals(loads));
        }

        /** From when to when, in steps, the end of the trouble at the latest. */
        private int[] interval() {
            int end = (int) TROUBLE.dividedBy(STEP);
            int from = random.nextInt(end);
            return new int[] {from, from + 1 + random.nextInt(end - from)};
        }

        /** Returns whether there was an emergency. */
        boolean suffer() {
            boolean emergency = false;
            for (int i = 0; i < TROUBLE.dividedBy(STEP); i++) {
                go();
                emergency |= system.snapshot().mode() == SystemMode.EMERGENCY;
            }
            return emergency;
        }

        void heal() {
            for (int i = 0; i < BOUND.dividedBy(STEP); i++) {
                go();
            }
        }

        private void go() {
            time.advance(STEP);
            moveLoad();
            loads.look();
            system.update();
            for (CoordinatedService service : services) {
                call(service.name());
            }
            step++;
        }

        /** Once nothing is asked of the heap any more nothing is collected from it either, and it seems full for ever. */
        private void moveLoad() {
            if (isShort && step >= shortOfHeap[0] && step < shortOfHeap[1]) {
                load.collectedTo(0.85 + random.nextDouble() * 0.15);
            }
            boolean isBusy = isShort && step >= shortOfCpu[0] && step < shortOfCpu[1];
            load.cpu = isBusy ? 0.9 + random.nextDouble() * 0.1 : 0.2;
        }

        private void call(String service) {
            CallRequest request = CallRequest.to(service);
            Admission admission = system.gate(service).admit(request, time.nanos());
            if (admission instanceof Permit) {
                admission = breakers.breaker(service).admit(request, time.nanos());
            }
            if (admission instanceof Permit permit) {
                int[] fault = faults.get(service);
                boolean fails = step >= fault[0] && step < fault[1] && random.nextInt(10) > 0;
                permit.finish(fails ? Outcome.failure(FailureCause.SERVER_ERROR) : Outcome.SUCCESS, 1, time.nanos());
            }
        }

        boolean isNormal() {
            SystemSnapshot seen = system.snapshot();
            return seen.mode() == SystemMode.NORMAL
                    && seen.level() == DegradationLevel.FULL
                    && seen.health() == 1
                    && seen.degradation() == 0
                    && !seen.load().shedding()
                    && seen.levels().isEmpty()
                    && breakers.all().stream().allMatch(breaker -> breaker.state() == BreakerState.CLOSED)
                    && services.stream()
                            .allMatch(service -> system.standing(service.name()).equals(Standing.CLEAR));
        }
    }
}
