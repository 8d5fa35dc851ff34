package io.orderstream.testsupport;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

import com.sun.management.ThreadMXBean;

/**
 * An input of a {@code @FuzzTest}, which anybody could have sent. A parser may refuse it in the one way it documents,
 * and may allocate no more than in proportion to its size; all else is a finding.
 *
 * @param bytes the input
 */
public record Fuzzed(byte[] bytes) {

    /** Bytes any parser may allocate beside: buffers, decoders, the exception. */
    private static final long BESIDE = 512 * 1024;
    private static final byte SEPARATOR = 0x1f;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /**
     * What a parser makes of the input; empty if it refuses it, or returns null.
     *
     * @param perByte most bytes it may allocate for each byte of the input
     * @param refusal what it may throw
     */
    public <T> Optional<T> parse(long perByte, Class<? extends Exception> refusal, Parser<T> parser) {
        long most = BESIDE + perByte * bytes.length;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Optional<T> parsed = once(refusal, parser);
        if (THREADS.getCurrentThreadAllocatedBytes() - before <= most) {
            return parsed;
        }
        // The first time classes are loaded, and tables are filled.
        before = THREADS.getCurrentThreadAllocatedBytes();
        parsed = once(refusal, parser);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (allocated > most) {
            throw new AssertionError("%d bytes allocated for an input of %d".formatted(allocated, bytes.length));
        }
        return parsed;
    }

    /** Of a parser that takes everything. */
    public <T> T parse(long perByte, Supplier<T> parser) {
        return parse(perByte, Never.class, parser::get).orElseThrow();
    }

    private static <T> Optional<T> once(Class<? extends Exception> refusal, Parser<T> parser) {
        try {
            return Optional.ofNullable(parser.parse());
        } catch (Exception e) {
            if (refusal.isInstance(e)) {
                return Optional.empty();
            }
            throw new AssertionError("it is not documented: " + e, e);
        }
    }

    /** The code that is tested. */
    public interface Parser<T> {
        T parse() throws Exception;
    }

    private static final class Never extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** The input as text. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * The input as headers of a record: {@code name=value}, separated by the byte 0x1f; a header without the equals
     * sign has no value.
     */
    public Headers headers() {
        Headers headers = new RecordHeaders();
        for (byte[] header : parts()) {
            int end = indexOf(header, (byte) '=', 0);
            headers.add(new String(header, 0, end, StandardCharsets.UTF_8),
                    end == header.length ? null : Arrays.copyOfRange(header, end + 1, header.length));
        }
        return headers;
    }

    private List<byte[]> parts() {
        List<byte[]> parts = new ArrayList<>();
        for (int begin = 0; begin < bytes.length;) {
            int end = indexOf(bytes, SEPARATOR, begin);
            parts.add(Arrays.copyOfRange(bytes, begin, end));
            begin = end + 1;
        }
        return parts;
    }

    private static int indexOf(byte[] bytes, byte wanted, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != wanted) {
            at++;
        }
        return at;
    }
}
