package io.orderstream.totals;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.protocol.Errors;

import io.orderstream.kafka.OffsetRuns;

/**
 * Metadata of a committed offset: the totals of exactly those finished records that the commit covers, which are all
 * before the offset, and those beyond it that are listed.
 * <p>
 * Kafka stores offset and metadata as one record of {@code __consumer_offsets}, so after a crash either both are
 * there or neither; this makes the average exact. The format is
 * {@code v=1;received=3;processed=2;deadLettered=1;revenueCents=1998}, then {@code ;names=} with a {@link Tally} if
 * records are counted by name, and {@code ;finished=} with {@link OffsetRuns} relative to the committed offset if any
 * are listed. Any other text, that of a later version included, is ignored, since it is unknown what it covers.
 *
 * @param totals totals of the records covered
 * @param names the same records by name
 * @param finished finished offsets beyond the committed one
 */
public record TotalsMetadata(Totals totals, Tally names, OffsetRuns finished) {

    /**
     * Most characters, each one byte: the broker's default {@code offset.metadata.max.bytes} less a reserve by which
     * the numbers may grow, since a listed offset stays listed until the committed offset has passed it.
     */
    public static final int MAX_LENGTH = 4096 - 72;

    public static final TotalsMetadata NONE = new TotalsMetadata(Totals.ZERO, OffsetRuns.NONE);

    private static final Pattern VERSION_1 = Pattern.compile("v=1;received=(\\d{1,19});processed=(\\d{1,19});"
            + "deadLettered=(\\d{1,19});revenueCents=(-?\\d{1,19})(?:;names=([^;]+))?(?:;finished=([0-9a-z.]+))?");

    /** Whether a commit was rejected because its metadata is too large; in a transaction only the message says so. */
    public static boolean isRefused(Throwable failure) {
        return failure instanceof OffsetMetadataTooLarge
                || String.valueOf(failure.getMessage()).contains(Errors.OFFSET_METADATA_TOO_LARGE.message());
    }

    /** Creates metadata without counts by name. */
    public TotalsMetadata(Totals totals, OffsetRuns finished) {
        this(totals, new Tally(), finished);
    }

    /** Writes the text without counts of single names. */
    public String write(long offset) {
        return write(offset, 0);
    }

    /**
     * @param offset the committed offset
     * @param namesLength most characters of the counts by name
     */
    public String write(long offset, int namesLength) {
        return "v=1;received=" + totals.received() + ";processed=" + totals.processed() + ";deadLettered="
                + totals.deadLettered() + ";revenueCents=" + totals.amount()
                + (names.isEmpty() ? "" : ";names=" + names.write(namesLength))
                + (finished.isEmpty() ? "" : ";finished=" + finished.write(offset));
    }

    /**
     * Parses the metadata of a committed offset.
     *
     * @param text the metadata, may be null or written by another program
     * @return empty if the text is not of this format
     */
    public static Optional<TotalsMetadata> read(long offset, String text) {
        if (text == null) {
            return Optional.empty();
        }
        Matcher matcher = VERSION_1.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            Totals totals = new Totals(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)),
                    Long.parseLong(matcher.group(3)), Long.parseLong(matcher.group(4)));
            return Optional.of(new TotalsMetadata(totals, matcher.group(5) == null ? new Tally() : Tally.read(matcher.group(5)),
                    matcher.group(6) == null ? OffsetRuns.NONE : OffsetRuns.read(offset, matcher.group(6))));
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Nineteen digits can overflow a long, and runs can be corrupt: then the text is ignored.
            return Optional.empty();
        }
    }
}
