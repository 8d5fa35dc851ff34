package io.orderstream.totals;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.protocol.Errors;

import io.orderstream.kafka.OffsetRuns;

/**
 * The text that travels in the metadata of a committed offset: totals of exactly the finished records it covers, which are all
 * before the offset, and those beyond it that it lists.
 * <p>
 * Offset and text are one record of Kafka's {@code __consumer_offsets}, so either both are there after a crash or
 * neither is; that is what makes the average exact. It reads
 * {@code v=1;received=3;processed=2;deadLettered=1;revenueCents=1998}, then {@code ;names=} with a {@link Tally} if
 * records are counted by name, and {@code ;finished=} with {@link OffsetRuns} counted from the committed offset if any
 * are listed. Any other text, that of a later version included, is not ours to read: what it covers could not be known.
 *
 * @param totals totals of the records it covers
 * @param names the same records by name
 * @param finished offsets beyond the committed one that it covers
 */
public record TotalsMetadata(Totals totals, Tally names, OffsetRuns finished) {

    /**
     * What a broker takes by default ({@code offset.metadata.max.bytes}), in characters, of which ours are one byte each, less
     * the room by which the numbers may grow: what is listed once stays listed until the committed offset has passed it.
     */
    public static final int MAX_LENGTH = 4096 - 72;

    public static final TotalsMetadata NONE = new TotalsMetadata(Totals.ZERO, OffsetRuns.NONE);

    private static final Pattern VERSION_1 = Pattern.compile("v=1;received=(\\d{1,19});processed=(\\d{1,19});"
            + "deadLettered=(\\d{1,19});revenueCents=(-?\\d{1,19})(?:;names=([^;]+))?(?:;finished=([0-9a-z.]+))?");

    /** Whether a commit has failed because of its text; in a transaction the producer says so in words only. */
    public static boolean isRefused(Throwable failure) {
        return failure instanceof OffsetMetadataTooLarge
                || String.valueOf(failure.getMessage()).contains(Errors.OFFSET_METADATA_TOO_LARGE.message());
    }

    /** Of records that bear no names. */
    public TotalsMetadata(Totals totals, OffsetRuns finished) {
        this(totals, new Tally(), finished);
    }

    /** {@link #write(long, int)}, with nothing counted by name. */
    public String write(long offset) {
        return write(offset, 0);
    }

    /**
     * @param offset the committed offset
     * @param namesLength characters the counts by name may have
     */
    public String write(long offset, int namesLength) {
        return "v=1;received=" + totals.received() + ";processed=" + totals.processed() + ";deadLettered="
                + totals.deadLettered() + ";revenueCents=" + totals.amount()
                + (names.isEmpty() ? "" : ";names=" + names.write(namesLength))
                + (finished.isEmpty() ? "" : ";finished=" + finished.write(offset));
    }

    /**
     * @param offset the committed offset
     * @param text its metadata, may be null or of another program
     * @return what it says, or empty if it is not ours
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
            // Nineteen digits may be more than a long holds, and runs may be damaged: then it is not a text of ours.
            return Optional.empty();
        }
    }
}
