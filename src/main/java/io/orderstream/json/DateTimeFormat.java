package io.orderstream.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Pattern;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Format;

/**
 * The JSON Schema format {@code date-time}: a timestamp of RFC 3339 that Java can represent, without leap seconds.
 * The validator's own implementation also accepts trailing text.
 */
public final class DateTimeFormat implements Format {

    private static final Pattern SHAPE = Pattern
            .compile("\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");

    @Override
    public String getName() {
        return "date-time";
    }

    @Override
    public String getMessageKey() {
        return "format.date-time";
    }

    @Override
    public boolean matches(ExecutionContext context, String text) {
        try {
            parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /**
     * Parses a timestamp.
     *
     * @throws DateTimeException if the text is not a date-time of RFC 3339
     */
    public static Instant parse(String text) {
        if (!SHAPE.matcher(text).matches()) {
            throw new DateTimeException("not a date-time of RFC 3339");
        }
        return OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant();
    }
}
