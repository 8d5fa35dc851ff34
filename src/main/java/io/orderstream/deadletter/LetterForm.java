package io.orderstream.deadletter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * How much of a record its dead letter holds. Each form is smaller than the one before, and is for a topic that does not take
 * that one.
 *
 * @param longestText most bytes of a header that comes from an exception
 * @param kept where the whole letter is; null if the letter itself is whole
 * @param hasKey whether the letter has the key of the record
 */
public record LetterForm(int longestText, KeptLetter kept, boolean hasKey) {

    private static final int SHORT_TEXT = 100;
    /** The original record, and what happened to it. */
    public static final LetterForm WHOLE = new LetterForm(4 * 1024, null, true);
    /** The original record, and the beginning of what happened to it. */
    public static final LetterForm BRIEF = new LetterForm(SHORT_TEXT, null, true);

    private static final Set<String> TEXTS = Set.of(DeadLetterHeaders.REASON, DeadLetterHeaders.CAUSE,
            DeadLetterHeaders.EXCEPTION_CLASS_NAME, DeadLetterHeaders.CAUSE_CLASS_NAME);
    private static final Set<String> REDRIVE = Set.of(DeadLetter.REDRIVE_COUNT, DeadLetter.REDRIVE_ID,
            DeadLetter.REDRIVE_ORIGIN, DeadLetter.REDRIVE_ORIGIN_TIMESTAMP);
    /** Longer than each of them ever is: what is longer has been sent by somebody else, and says nothing. */
    private static final int LONGEST_REDRIVE = 1000;
    /** The first byte of a character in UTF-8 is no continuation. */
    private static final int CONTINUATION_MASK = 0xC0;
    private static final int CONTINUATION = 0x80;

    /** Only what happened to a record, which is kept whole elsewhere. */
    public static LetterForm kept(KeptLetter kept) {
        return new LetterForm(SHORT_TEXT, kept, true);
    }

    /** The same form, for a record whose key is too large as well. */
    public LetterForm withoutKey() {
        return new LetterForm(longestText, kept, false);
    }

    /** Whether a letter has been refused because of its size, by the producer or the broker: another form may be taken. */
    public static boolean isTooLarge(Throwable failure) {
        return failure instanceof RecordTooLargeException || failure instanceof RecordBatchTooLargeException;
    }

    /** Returns a letter in this form, given the whole one, which is not changed. */
    public <K, V> ProducerRecord<K, V> of(ProducerRecord<K, V> letter) {
        Headers headers = new RecordHeaders();
        for (Header header : letter.headers()) {
            if (kept == null || isOfTheLetter(header)) {
                headers.add(TEXTS.contains(header.key()) ? cut(header) : header);
            }
        }
        if (kept != null) {
            kept.write(headers);
        }
        return new ProducerRecord<>(letter.topic(), letter.partition(), letter.timestamp(), hasKey ? letter.key() : null,
                kept == null ? letter.value() : null, headers);
    }

    private static boolean isOfTheLetter(Header header) {
        return DeadLetterHeaders.isOne(header.key())
                || REDRIVE.contains(header.key()) && header.value() != null && header.value().length <= LONGEST_REDRIVE;
    }

    private Header cut(Header header) {
        byte[] text = header.value();
        if (text == null || text.length <= longestText) {
            return header;
        }
        int end = longestText;
        while (end > 0 && (text[end] & CONTINUATION_MASK) == CONTINUATION) {
            end--;
        }
        return new RecordHeader(header.key(), Arrays.copyOf(text, end));
    }

    /** Size of a record as it is counted in {@link KeptLetter#bytes()}: without the headers of its letter. */
    public static long bytes(ProducerRecord<byte[], byte[]> letter) {
        long bytes = length(letter.key()) + length(letter.value());
        for (Header header : letter.headers()) {
            if (!DeadLetterHeaders.isOne(header.key())) {
                bytes += header.key().getBytes(StandardCharsets.UTF_8).length + length(header.value());
            }
        }
        return bytes;
    }

    private static long length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
