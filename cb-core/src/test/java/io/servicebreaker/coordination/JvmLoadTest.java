package io.servicebreaker.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JvmLoadTest {

    /** What the numbers are on this machine, nobody knows. */
    @Test
    void readsTheLoadOfThisMachine() {
        JvmLoad load = new JvmLoad();
        long before = load.collections();

        System.gc();

        assertThat(load.heap()).isBetween(0.0, 1.0);
        assertThat(load.collections()).isGreaterThan(before);
        assertThat(Stream.generate(load::cpu).limit(3)).allMatch(cpu -> cpu >= 0 && cpu <= 1);
    }

    @Test
    void takesWhatIsKeptForLoadAndGarbageForNone() throws Exception {
        assertThat(in("-Xmx64m", "-XX:+UseSerialGC")).isEqualTo("garbage: false, kept: true, cpu: true");
    }

    @Test
    void knowsNothingOfTheProcessorsWhereTheModuleIsMissing() throws Exception {
        assertThat(in("-Xmx64m", "-XX:+UseSerialGC", "--limit-modules=java.management"))
                .isEqualTo("garbage: false, kept: true, cpu: false");
    }

    private static String in(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-cp", home(JvmLoad.class) + File.pathSeparator + home(Machine.class), Machine.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.strip();
    }

    private static Path home(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** A virtual machine whose heap is filled with garbage first, and then with what it keeps. */
    static final class Machine {

        private static final int PIECE = 1 << 16;
        private static final long HEAP = Runtime.getRuntime().maxMemory();

        private Machine() {}

        public static void main(String[] args) {
            JvmLoad load = new JvmLoad();
            List<byte[]> last = new ArrayList<>();
            for (long made = 0; made < 4 * HEAP; made += PIECE) {
                last.clear();
                last.add(new byte[PIECE]);
            }
            System.gc();
            boolean garbage = load.heap() > 0.5;
            for (long kept = 0; kept < HEAP / 2; kept += PIECE) {
                last.add(new byte[PIECE]);
            }
            System.gc();
            boolean kept = load.heap() > 0.5;
            System.out.println("garbage: " + garbage + ", kept: " + kept + ", cpu: " + (load.cpu() >= 0) + tail(last));
        }

        /** Keeps it until here. */
        private static String tail(List<byte[]> kept) {
            return kept.isEmpty() ? "nothing" : "";
        }
    }
}
