package io.orderstream.deadletter;

import java.util.Optional;

import org.apache.kafka.common.header.Headers;

import io.orderstream.support.TextHeaders;

/**
 * Where a dead letter is kept whole that its topic does not take. The letter in the topic says so in its headers, and has the
 * key and the {@code dead-letter-*} headers only.
 *
 * @param host name of the host whose disk it is on
 * @param file absolute path of the file there
 * @param bytes size of the original record: key, value and headers
 */
public record KeptLetter(String host, String file, long bytes) {

    /** Reads the headers of a dead letter; empty if it is whole. */
    static Optional<KeptLetter> read(Headers headers) {
        Optional<String> file = TextHeaders.first(headers, DeadLetterHeaders.KEPT_FILE);
        return file.map(path -> new KeptLetter(TextHeaders.first(headers, DeadLetterHeaders.KEPT_HOST).orElse(""),
                Reasons.cut(path, Reasons.LONGEST_REASON), bytes(headers)));
    }

    private static long bytes(Headers headers) {
        try {
            return TextHeaders.first(headers, DeadLetterHeaders.ORIGINAL_BYTES).map(Long::parseLong).orElse(0L);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    void write(Headers headers) {
        TextHeaders.set(headers, DeadLetterHeaders.SHORTENED, Boolean.TRUE.toString());
        TextHeaders.set(headers, DeadLetterHeaders.ORIGINAL_BYTES, Long.toString(bytes));
        TextHeaders.set(headers, DeadLetterHeaders.KEPT_HOST, host);
        TextHeaders.set(headers, DeadLetterHeaders.KEPT_FILE, file);
    }
}
