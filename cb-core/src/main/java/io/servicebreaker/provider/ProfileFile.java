package io.servicebreaker.provider;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerSettingsBuilder;
import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.call.DegradationSteps;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.cost.Price;
import io.servicebreaker.cost.PriceList;
import io.servicebreaker.provider.HealthSignal.Bad;
import io.servicebreaker.provider.HealthSignal.Numbers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Reads a bundled profile from {@code <id>.yml} beside this class.
 *
 * <p>What a file does not say is as in {@code generic.yml}, whose rules are asked last.
 */
final class ProfileFile {

    private final String id;

    private ProfileFile(String id) {
        this.id = id;
    }

    static ProviderProfile generic() {
        Section root = new ProfileFile(ProviderProfiles.GENERIC).load();
        Section settings = root.section("settings");
        ProviderProfile profile = new ProviderProfile(
                ProviderProfiles.GENERIC,
                thresholds(settings, BreakerSettings.defaults()),
                limitSettings(settings, LimitSettings.DEFAULTS),
                rules(root),
                effects(root),
                limits(root),
                List.of(),
                Misses.NONE,
                PriceTable.EMPTY,
                DegradationSteps.NONE);
        root.end();
        return profile;
    }

    static ProviderProfile read(String id, ProviderProfile generic) {
        Section root = new ProfileFile(id).load();
        Section settings = root.section("settings");
        ProviderProfile profile = generic.extended(
                        id,
                        thresholds(settings, generic.settings()),
                        limitSettings(settings, generic.limitSettings()),
                        rules(root),
                        effects(root),
                        limits(root))
                .with(signals(root), misses(root))
                .with(prices(root))
                .with(steps(root));
        root.end();
        return profile;
    }

    private Section load() {
        String name = id + ".yml";
        try (InputStream file = ProfileFile.class.getResourceAsStream(name)) {
            Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
            return new Section(name, yaml.load(Objects.requireNonNull(file, name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BreakerSettings thresholds(Section section, BreakerSettings weaker) {
        BreakerSettingsBuilder builder = weaker.toBuilder();
        builder.failureThreshold(section.integer("failure-threshold"));
        builder.slowCallDuration(section.duration("slow-call-duration-threshold"));
        builder.timeoutThreshold(section.duration("timeout-threshold"));
        builder.recoveryTimeout(section.duration("recovery-timeout"));
        return builder.early(true, true).build(); // nobody has set them
    }

    private static LimitSettings limitSettings(Section section, LimitSettings weaker) {
        Integer floor = section.integer("approaching-limit-floor");
        section.end();
        return floor == null ? weaker : new LimitSettings(floor);
    }

    private static List<FailureRule> rules(Section root) {
        List<FailureRule> rules = new ArrayList<>();
        for (Section rule : root.sections("rules")) {
            Set<Integer> statuses = new HashSet<>();
            rule.texts("status")
                    .forEach(
                            status -> statuses.addAll(HttpStatuses.parse(status).orElseThrow()));
            String message = rule.text("message");
            rules.add(new FailureRule(
                    statuses,
                    Set.copyOf(rule.texts("code")),
                    Set.copyOf(rule.texts("exception")),
                    message == null ? null : Pattern.compile(message, Pattern.CASE_INSENSITIVE),
                    Objects.requireNonNull(rule.constant("cause", FailureCause.class)),
                    rule.constant("scope", RejectionScope.class),
                    rule.text("signal")));
            rule.end();
        }
        return rules;
    }

    private static Map<FailureCause, FailureEffect> effects(Section root) {
        Map<FailureCause, FailureEffect> effects = new EnumMap<>(FailureCause.class);
        Section section = root.section("effects");
        for (FailureCause cause : FailureCause.values()) {
            Section effect = section.section(Section.key(cause));
            if (!effect.isEmpty()) {
                effects.put(cause, effect(effect));
            }
        }
        section.end();
        return effects;
    }

    private static FailureEffect effect(Section section) {
        FailureEffect effect = new FailureEffect(
                section.flag("counts"),
                Objects.requireNonNullElse(section.constant("scope", RejectionScope.class), RejectionScope.SERVICE),
                section.flag("holds"),
                section.flag("retryable"),
                section.flag("escalates"));
        section.end();
        return effect;
    }

    private static List<LimitHeaders> limits(Section root) {
        List<LimitHeaders> limits = new ArrayList<>();
        for (Section limit : root.sections("limits")) {
            limits.add(new LimitHeaders(
                    Objects.requireNonNull(limit.constant("unit", LimitUnit.class)),
                    limit.text("limit"),
                    Objects.requireNonNull(limit.text("remaining")),
                    Objects.requireNonNull(limit.text("reset"))));
            limit.end();
        }
        return limits;
    }

    private static List<HealthSignal> signals(Section root) {
        List<HealthSignal> signals = new ArrayList<>();
        for (Section signal : root.sections("signals")) {
            signals.add(HealthSignal.of(
                    signal.text("name"),
                    signal.constant("bad", Bad.class),
                    new Numbers(
                            signal.decimal("at-least"),
                            signal.integer("over"),
                            signal.integer("minimum"),
                            signal.integer("in-a-row"),
                            signal.decimal("at-most")),
                    Boolean.valueOf(signal.text("opens"))));
            signal.end();
        }
        return signals;
    }

    private static Misses misses(Section root) {
        return new Misses("miss".equals(root.text("empty-is")), "miss".equals(root.text("when-refused")));
    }

    /** Who sells the same models at the same prices as another names it. */
    private static PriceTable prices(Section root) {
        String sameAs = root.text("prices-like");
        Section section = sameAs == null
                ? root.section("prices")
                : new ProfileFile(sameAs).load().section("prices");
        String currency = section.text("currency");
        String asOf = section.text("as-of");
        Map<String, Price> prices = new LinkedHashMap<>();
        for (Section price : section.sections("models")) {
            Price one = Price.of(
                    price.amount("input"),
                    price.amount("output"),
                    price.amount("cached-input"),
                    price.amount("per-request"),
                    price.amount("per-search"));
            price.texts("model").forEach(model -> prices.put(model, one));
            price.end();
        }
        section.end();
        return new PriceTable(
                PriceList.of(prices),
                currency == null ? null : Currency.getInstance(currency),
                asOf == null ? null : LocalDate.parse(asOf));
    }

    /** By the number of the level. */
    private static DegradationSteps steps(Section root) {
        Map<DegradationLevel, Map<String, String>> steps = new EnumMap<>(DegradationLevel.class);
        Section section = root.section("steps");
        for (DegradationLevel level : DegradationLevel.values()) {
            if (level.isDegraded()) {
                steps.put(level, section.section(level.step()).all());
            }
        }
        section.end();
        return DegradationSteps.of(steps);
    }

    /** A part of the file that complains about what nobody has read. */
    private static final class Section {

        private final String place;
        private final Map<?, ?> values;
        private final Set<Object> unread;

        Section(String place, @Nullable Object content) {
            this.place = place;
            this.values = content instanceof Map<?, ?> map ? map : Map.of();
            this.unread = new HashSet<>(values.keySet());
            if (content != null && !(content instanceof Map)) {
                throw mistake(place, content, "a map");
            }
        }

        static String key(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean isEmpty() {
            return values.isEmpty();
        }

        private @Nullable Object take(Object key) {
            unread.remove(key);
            return values.get(key);
        }

        Section section(Object key) {
            return new Section(place + "." + key, take(key));
        }

        /** Whatever is there. */
        Map<String, String> all() {
            Map<String, String> all = new LinkedHashMap<>();
            values.forEach((key, value) -> all.put(key.toString(), value.toString()));
            return all;
        }

        List<Section> sections(String key) {
            List<Section> sections = new ArrayList<>();
            for (Object item : list(key)) {
                sections.add(new Section(place + "." + key + "[" + sections.size() + "]", item));
            }
            return sections;
        }

        private List<?> list(String key) {
            Object value = take(key);
            if (value == null) {
                return List.of();
            }
            return value instanceof List<?> items ? items : List.of(value);
        }

        @Nullable
        String text(String key) {
            Object value = take(key);
            return value == null ? null : value.toString();
        }

        List<String> texts(String key) {
            return list(key).stream().map(Object::toString).toList();
        }

        @Nullable
        Integer integer(String key) {
            Object value = take(key);
            if (value != null && !(value instanceof Integer)) {
                throw mistake(place + "." + key, value, "a number");
            }
            return (Integer) value;
        }

        @Nullable
        Double decimal(String key) {
            String value = text(key);
            return value == null ? null : Double.valueOf(value);
        }

        @Nullable
        BigDecimal amount(String key) {
            String value = text(key);
            return value == null ? null : new BigDecimal(value);
        }

        boolean flag(String key) {
            Object value = take(key);
            if (value instanceof Boolean flag) {
                return flag;
            }
            throw mistake(place + "." + key, String.valueOf(value), "true or false");
        }

        @Nullable
        Duration duration(String key) {
            String value = text(key);
            if (value == null) {
                return null;
            }
            return GoDuration.parse(value).orElseThrow(() -> mistake(place + "." + key, value, "such as 30s or 2m"));
        }

        <E extends Enum<E>> @Nullable E constant(String key, Class<E> type) {
            String value = text(key);
            if (value == null) {
                return null;
            }
            for (E constant : type.getEnumConstants()) {
                if (key(constant).equals(value)) {
                    return constant;
                }
            }
            throw mistake(place + "." + key, value, "one of " + List.of(type.getEnumConstants()));
        }

        /** Ours, and found by the tests: users' profiles are read elsewhere. */
        private static IllegalStateException mistake(String place, Object value, String allowed) {
            return new IllegalStateException(place + " is " + value + ", allowed is " + allowed);
        }

        void end() {
            if (!unread.isEmpty()) {
                throw mistake(place, unread, "one of the known keys");
            }
        }
    }
}
