package io.servicebreaker.cost;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** The time that a budget is for, by the calendar of a zone: a day has 23 to 25 hours where clocks are changed. */
public enum Period {
    /** From midnight to midnight. */
    DAILY {
        @Override
        LocalDate firstDay(LocalDate day) {
            return day;
        }

        @Override
        LocalDate dayAfter(LocalDate firstDay) {
            return firstDay.plusDays(1);
        }
    },
    /** From the first of a month to the next. */
    MONTHLY {
        @Override
        LocalDate firstDay(LocalDate day) {
            return day.withDayOfMonth(1);
        }

        @Override
        LocalDate dayAfter(LocalDate firstDay) {
            return firstDay.plusMonths(1);
        }
    };

    /** The first day of the period that contains the day. */
    abstract LocalDate firstDay(LocalDate day);

    /** The first day of the next period. */
    abstract LocalDate dayAfter(LocalDate firstDay);

    /** When the period that contains an instant begins. */
    public Instant begin(Instant at, ZoneId zone) {
        return firstDay(LocalDate.ofInstant(at, zone)).atStartOfDay(zone).toInstant();
    }

    /** When it ends, and the next begins. */
    public Instant end(Instant at, ZoneId zone) {
        return dayAfter(firstDay(LocalDate.ofInstant(at, zone)))
                .atStartOfDay(zone)
                .toInstant();
    }
}
