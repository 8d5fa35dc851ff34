package io.orderstream.deadletter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

import org.apache.kafka.common.header.Headers;
import org.jetbrains.annotations.Nullable;

import io.orderstream.support.TextBytes;

/**
 * The headers of a dead letter as far as they are held in memory: {@value #MOST} at the most, {@value #LONGEST_VALUE} bytes of
 * each value, and {@value #MOST_BYTES} bytes of all. Immutable.
 */
public final class KeptHeaders {

    static final int MOST = 64;
    static final int LONGEST_NAME = 200;
    static final int LONGEST_VALUE = 512;
    static final int MOST_BYTES = 4_096;

    private static final int NULL = -1;
    private static final String HEX = "0x";

    private final List<String> names;
    /** Of each value its length, and as many of its bytes as are kept. */
    private final byte[] values;
    private final int more;

    /**
     * A header.
     *
     * @param name its name, shortened if it is long
     * @param value its value as text, or if it is no text its bytes in hexadecimal behind {@code 0x}; shortened if it is long,
     *        with the number of its bytes; null if it has none
     */
    public record Header(String name, @Nullable String value) {
    }

    private KeptHeaders(List<String> names, byte[] values, int more) {
        this.names = names;
        this.values = values;
        this.more = more;
    }

    /** @param shared returns an equal list for that of the names, so that letters with the same headers share it */
    static KeptHeaders of(Headers headers, UnaryOperator<List<String>> shared) {
        List<String> names = new ArrayList<>();
        ByteBuffer values = ByteBuffer.allocate(MOST_BYTES + MOST * Integer.BYTES);
        int bytes = 0;
        int all = 0;
        for (org.apache.kafka.common.header.Header header : headers) {
            all++;
            String name = shortened(header.key());
            int kept = header.value() == null ? 0 : Math.min(header.value().length, LONGEST_VALUE);
            int size = name.getBytes(StandardCharsets.UTF_8).length + kept;
            if (names.size() < MOST && bytes + size <= MOST_BYTES) {
                bytes += size;
                names.add(name);
                values.putInt(header.value() == null ? NULL : header.value().length);
                values.put(header.value() == null ? new byte[0] : header.value(), 0, kept);
            }
        }
        return new KeptHeaders(shared.apply(List.copyOf(names)), Arrays.copyOf(values.array(), values.position()),
                all - names.size());
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "...";
    }

    /** Those that are kept, in the order of the record. */
    public List<Header> list() {
        ByteBuffer next = ByteBuffer.wrap(values);
        return names.stream().map(name -> new Header(name, value(next))).toList();
    }

    private static String value(ByteBuffer next) {
        int length = next.getInt();
        if (length == NULL) {
            return null;
        }
        byte[] kept = new byte[Math.min(length, LONGEST_VALUE)];
        next.get(kept);
        boolean isCut = kept.length < length;
        return TextBytes.text(kept, isCut).orElseGet(() -> HEX + HexFormat.of().formatHex(kept))
                + (isCut ? "...(" + length + " bytes)" : "");
    }

    /** How many are not kept. */
    public int more() {
        return more;
    }
}
