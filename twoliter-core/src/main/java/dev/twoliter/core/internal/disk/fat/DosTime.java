package dev.twoliter.core.internal.disk.fat;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Times as FAT stores them, in UTC: the time in the lower 16 bits, in steps of two seconds, the date in the upper. */
final class DosTime {
    private static final long FIRST = LocalDateTime.of(1980, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);
    private static final long LAST = LocalDateTime.of(2107, 12, 31, 23, 59, 58).toEpochSecond(ZoneOffset.UTC);

    private DosTime() {}

    /** Encodes seconds since 1970, or the nearest time that can be stored. */
    static int encode(long seconds) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(Math.max(FIRST, Math.min(seconds, LAST)), 0, ZoneOffset.UTC);
        int date = ((time.getYear() - 1980) << 9) | (time.getMonthValue() << 5) | time.getDayOfMonth();
        return date << 16 | time.getHour() << 11 | time.getMinute() << 5 | time.getSecond() / 2;
    }

    /** Decodes to seconds since 1970; what is no date is 1980. */
    static long decode(int dos) {
        try {
            return LocalDateTime.of(
                            1980 + (dos >>> 25),
                            dos >>> 21 & 15,
                            dos >>> 16 & 31,
                            dos >>> 11 & 31,
                            dos >>> 5 & 63,
                            (dos & 31) * 2)
                    .toEpochSecond(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return FIRST;
        }
    }
}
