package io.servicebreaker.provider;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads durations as Go prints them, which OpenAI's reset headers use: {@code 120ms}, {@code 1.5s}, {@code 6m0s},
 * {@code 1h2m3s}. Spaces around it and capital letters are tolerated, more than nine digits in a row are not.
 */
final class GoDuration {

    private static final String NUMBER = "(\\d{1,9}(?:\\.\\d{1,9})?)";
    private static final Pattern FORM = Pattern.compile(
            "(?:%1$sd)?(?:%1$sh)?(?:%1$sm)?(?:%1$ss)?(?:%1$sms)?(?:%1$s(?:us|µs))?(?:%1$sns)?".formatted(NUMBER),
            Pattern.CASE_INSENSITIVE);
    private static final double[] UNIT_NANOS = {86_400e9, 3_600e9, 60e9, 1e9, 1e6, 1e3, 1};

    private GoDuration() {}

    static Optional<Duration> parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches() || matcher.end() == 0) {
            return Optional.empty();
        }
        double nanos = 0;
        for (int unit = 0; unit < UNIT_NANOS.length; unit++) {
            String digits = matcher.group(unit + 1);
            nanos += digits == null ? 0 : Double.parseDouble(digits) * UNIT_NANOS[unit];
        }
        return nanos < Long.MAX_VALUE ? Optional.of(Duration.ofNanos(Math.round(nanos))) : Optional.empty();
    }
}
