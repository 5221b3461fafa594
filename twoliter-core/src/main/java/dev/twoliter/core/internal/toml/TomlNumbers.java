package dev.twoliter.core.internal.toml;

import dev.twoliter.core.internal.toml.TomlScalar.DateTime;
import org.jspecify.annotations.Nullable;

/** Integers, floats, booleans, dates and times: the values that are one word. */
final class TomlNumbers {

    private TomlNumbers() {}

    /** {@return the value of a word; null when it is none} */
    static @Nullable Object value(String word) {
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            case "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan", "+nan", "-nan" -> Double.NaN;
            default -> dateTimeOrNumber(word);
        };
    }

    private static @Nullable Object dateTimeOrNumber(String word) {
        if (isDateTime(word)) {
            return new DateTime(word);
        }
        if (word.startsWith("0x")) {
            return integer(word.substring(2), 16);
        }
        if (word.startsWith("0o")) {
            return integer(word.substring(2), 8);
        }
        if (word.startsWith("0b")) {
            return integer(word.substring(2), 2);
        }
        return isDecimal(word) ? (Object) integer(word, 10) : isFloat(word) ? floating(word) : null;
    }

    private static @Nullable Long integer(String digits, int radix) {
        if (radix != 10 && !areDigits(digits, radix)) {
            return null;
        }
        try {
            return Long.parseLong(digits.replace("_", ""), radix);
        } catch (NumberFormatException e) {
            // More than 64 bits.
            return null;
        }
    }

    private static @Nullable Double floating(String word) {
        return Double.parseDouble(word.replace("_", ""));
    }

    private static int afterSign(String word) {
        return word.startsWith("+") || word.startsWith("-") ? 1 : 0;
    }

    /** Decimal digits with or without a sign, no zero before others. */
    private static boolean isDecimal(String word) {
        String digits = word.substring(afterSign(word));
        return areDigits(digits, 10) && (digits.length() == 1 || digits.charAt(0) != '0');
    }

    private static boolean isFloat(String word) {
        int exponent = Math.max(word.indexOf('e'), word.indexOf('E'));
        if (exponent >= 0) {
            String power = word.substring(exponent + 1);
            if (!areDigits(power.substring(afterSign(power)), 10)) {
                return false;
            }
        }
        String mantissa = exponent < 0 ? word : word.substring(0, exponent);
        int point = mantissa.indexOf('.');
        if (point < 0) {
            return exponent >= 0 && isDecimal(mantissa);
        }
        return isDecimal(mantissa.substring(0, point)) && areDigits(mantissa.substring(point + 1), 10);
    }

    /** {@return whether these are digits, with underscores only between two of them} */
    private static boolean areDigits(String text, int radix) {
        boolean digit = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '_') {
                if (!digit) {
                    return false;
                }
                digit = false;
            } else if (c <= 0x7F && Character.digit(c, radix) >= 0) {
                digit = true;
            } else {
                return false;
            }
        }
        return digit;
    }

    // dates and times (RFC 3339)

    /** {@return whether a range of a text is a date} */
    static boolean isDate(String text, int start, int end) {
        if (end - start != 10 || text.charAt(start + 4) != '-' || text.charAt(start + 7) != '-') {
            return false;
        }
        int year = number(text, start, 4);
        int month = number(text, start + 5, 2);
        int day = number(text, start + 8, 2);
        if (year < 0 || month < 1 || month > 12 || day < 1) {
            return false;
        }
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        int days = month == 2 ? (leap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
        return day <= days;
    }

    private static boolean isDateTime(String word) {
        if (word.length() < 8) {
            return false;
        }
        if (word.charAt(2) == ':') {
            return timeEnd(word, 0) == word.length();
        }
        if (!isDate(word, 0, Math.min(10, word.length()))) {
            return false;
        }
        if (word.length() == 10) {
            return true;
        }
        char between = word.charAt(10);
        if (between != 'T' && between != 't' && between != ' ') {
            return false;
        }
        int end = timeEnd(word, 11);
        if (end < 0 || end == word.length()) {
            return end > 0;
        }
        char zone = word.charAt(end);
        if (zone == 'Z' || zone == 'z') {
            return word.length() == end + 1;
        }
        return (zone == '+' || zone == '-')
                && word.length() == end + 6
                && word.charAt(end + 3) == ':'
                && within(number(word, end + 1, 2), 23)
                && within(number(word, end + 4, 2), 59);
    }

    /** {@return where the time hh:mm:ss[.fraction] that begins here ends; -1 when there is none} */
    private static int timeEnd(String word, int start) {
        if (word.length() < start + 8
                || word.charAt(start + 2) != ':'
                || word.charAt(start + 5) != ':'
                || !within(number(word, start, 2), 23)
                || !within(number(word, start + 3, 2), 59)
                // A leap second.
                || !within(number(word, start + 6, 2), 60)) {
            return -1;
        }
        int end = start + 8;
        if (end < word.length() && word.charAt(end) == '.') {
            int from = ++end;
            while (end < word.length() && TomlCursor.isDigit(word.charAt(end))) {
                end++;
            }
            return end == from ? -1 : end;
        }
        return end;
    }

    private static boolean within(int value, int most) {
        return value >= 0 && value <= most;
    }

    /** {@return the number that some digits are; -1 when one is no digit} */
    private static int number(String text, int start, int digits) {
        int value = 0;
        for (int i = start; i < start + digits; i++) {
            if (!TomlCursor.isDigit(text.charAt(i))) {
                return -1;
            }
            value = value * 10 + text.charAt(i) - '0';
        }
        return value;
    }
}
