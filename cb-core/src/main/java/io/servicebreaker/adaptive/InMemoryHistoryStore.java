package io.servicebreaker.adaptive;

import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what became of the calls until the application ends: an hour of a busy service in about a kilobyte, an idle one in none.
 * What is kept of a service has a bound on its memory: where there is more, the minutes of the oldest hours are dropped and only
 * their sums remain, and where these alone take half of it, the oldest hours are dropped whole. The last two hours stay in any
 * case.
 */
final class InMemoryHistoryStore implements HistoryStore {

    /** For each service, so that twenty of them stay below 20 MB. */
    private static final int MOST_BYTES = 850_000;

    private static final int MOST_BYTES_OF_TOTALS = MOST_BYTES / 2;

    private static final Duration HOUR = Duration.ofHours(1);

    private final Map<String, NavigableMap<Instant, HourBlock>> byService = new ConcurrentHashMap<>();
    private final Duration kept;
    private final TimeSource time;

    InMemoryHistoryStore(Duration kept, TimeSource time) {
        this.kept = kept;
        this.time = time;
    }

    @Override
    public void append(List<CallMinute> minutes) {
        Instant oldest = HourBlock.hour(time.now().minus(kept));
        minutes.stream()
                .filter(minute -> !minute.start().isBefore(oldest))
                .collect(Collectors.groupingBy(CallMinute::service))
                .forEach((service, own) -> append(hours(service), own));
        byService.values().forEach(hours -> forget(hours, oldest));
    }

    /** Whoever is slower does his work again on what the other has made. */
    private static void append(NavigableMap<Instant, HourBlock> hours, List<CallMinute> minutes) {
        minutes.stream()
                .collect(Collectors.groupingBy(minute -> HourBlock.hour(minute.start())))
                .forEach((hour, own) ->
                        hours.compute(hour, (start, known) -> (known == null ? HourBlock.EMPTY : known).plus(own)));
    }

    private static void forget(NavigableMap<Instant, HourBlock> hours, Instant oldest) {
        hours.headMap(oldest).clear();
        Map.Entry<Instant, HourBlock> last = hours.lastEntry();
        if (last != null) {
            NavigableMap<Instant, HourBlock> old = hours.headMap(last.getKey().minus(HOUR), false);
            long totals = bytes(hours, HourBlock::totalsSize);
            shrink(old, totals - MOST_BYTES_OF_TOTALS, HourBlock::totalsSize, block -> null);
            long all = bytes(hours, HourBlock::totalsSize) + bytes(hours, HourBlock::minutesSize);
            shrink(old, all - MOST_BYTES, HourBlock::minutesSize, HourBlock::withoutMinutes);
        }
    }

    private static long bytes(Map<Instant, HourBlock> hours, ToIntFunction<HourBlock> size) {
        return hours.values().stream().mapToInt(size).asLongStream().sum();
    }

    /**
     * Makes the oldest hours smaller until there is room.
     *
     * @param excess bytes that are too many
     * @param freed bytes that this makes free
     */
    private static void shrink(
            Map<Instant, HourBlock> hours,
            long excess,
            ToIntFunction<HourBlock> freed,
            Function<HourBlock, @Nullable HourBlock> smaller) {
        long left = excess;
        for (Map.Entry<Instant, HourBlock> hour : hours.entrySet()) {
            if (left <= 0) {
                return;
            }
            left -= freed.applyAsInt(hour.getValue());
            hours.computeIfPresent(hour.getKey(), (start, block) -> smaller.apply(block));
        }
    }

    private NavigableMap<Instant, HourBlock> hours(String service) {
        return byService.computeIfAbsent(service, name -> new ConcurrentSkipListMap<>());
    }

    @Override
    public void read(String service, Instant since, Consumer<CallMinute> reader) {
        since(service, since)
                .forEach((hour, block) -> block.readMinutes(service, hour, minute -> {
                    if (!minute.start().isBefore(since)) {
                        reader.accept(minute);
                    }
                }));
    }

    @Override
    public void readHours(String service, Instant since, Consumer<CallMinute> reader) {
        since(service, since).forEach((hour, block) -> block.readTotals(service, hour, reader));
    }

    private Map<Instant, HourBlock> since(String service, Instant since) {
        NavigableMap<Instant, HourBlock> hours = byService.get(service);
        return hours == null ? Map.of() : hours.tailMap(HourBlock.hour(since));
    }
}
