package io.orderstream.deadletter;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Groups reasons that differ only in what they are about: numbers become {@code <n>}, and words with a digit in them, such as
 * order ids and UUIDs, {@code <id>}. Folding a folded reason changes nothing.
 */
public final class Reasons {

    private static final int LONGEST = 500;
    private static final int ID_BYTES = 4;
    private static final Pattern BLANK = Pattern.compile("\\s+");
    /** Letters, digits, and what joins them in an id; it ends with neither, so that a full stop is none of it. */
    private static final Pattern WORD_WITH_DIGIT = Pattern
            .compile("(?=[\\w.:/-]*\\d)[A-Za-z0-9_](?:[\\w.:/-]*[A-Za-z0-9_])?");
    private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.:]\\d+)*(?:[eE][-+]?\\d+)?");

    private Reasons() {
    }

    /** The reason without what is particular to one record, 500 characters at the most. */
    public static String fold(String reason) {
        String text = BLANK.matcher(reason).replaceAll(" ").strip();
        if (text.length() > LONGEST) {
            text = text.substring(0, LONGEST);
        }
        return WORD_WITH_DIGIT.matcher(text).replaceAll(word -> fold(word.group(), NUMBER));
    }

    private static String fold(String word, Pattern number) {
        if (word.chars().noneMatch(Character::isDigit)) {
            return word;
        }
        return number.matcher(word).matches() ? "<n>" : "<id>";
    }

    /**
     * A short name of a group, the same in every instance and after every restart.
     *
     * @param kind a {@link DeadLetterKind}'s label
     * @param folded a folded reason
     * @return eight hexadecimal digits
     */
    public static String groupId(String kind, String folded) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest((kind + "\n" + folded).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
