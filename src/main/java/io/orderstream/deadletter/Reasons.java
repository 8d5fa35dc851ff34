package io.orderstream.deadletter;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Folds reasons that differ only in details to a common text: numbers become {@code <n>}, and words with a digit,
 * such as order ids and UUIDs, {@code <id>}. Folding is idempotent.
 */
public final class Reasons {

    /** Characters of a reason that are considered; the rest is ignored. */
    static final int LONGEST_REASON = 1_000;

    private static final int LONGEST_FOLDED = 500;
    private static final int ID_BYTES = 4;
    private static final Pattern BLANK = unicode("\\s+");
    /** Letters, digits, and what joins them in an id; a full stop at the end is not part of it. */
    private static final Pattern WORD = unicode("[\\p{Alnum}_](?:[\\w.:/-]*[\\p{Alnum}_])?");
    private static final Pattern NUMBER = unicode("\\d+(?:[.:]\\d+)*(?:[eE][-+]?\\d+)?");
    /** Numbers with a sign, or grouped by commas. */
    private static final Pattern SIGNED_OR_LISTED = Pattern.compile("(?<![\\w>+-])[-+]?<n>(?:,[-+]?<n>)*");

    private Reasons() {
    }

    private static Pattern unicode(String regex) {
        return Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS);
    }

    /** Replaces numbers and ids in a reason; the result has at most 500 characters. */
    public static String fold(String reason) {
        String text = BLANK.matcher(cut(reason, LONGEST_REASON)).replaceAll(" ").strip();
        String folded = WORD.matcher(text).replaceAll(word -> foldWord(word.group()));
        return cut(SIGNED_OR_LISTED.matcher(folded).replaceAll("<n>"), LONGEST_FOLDED).strip();
    }

    private static String foldWord(String word) {
        if (word.chars().noneMatch(Character::isDigit)) {
            return word;
        }
        return NUMBER.matcher(word).matches() ? "<n>" : "<id>";
    }

    /** The beginning of a text, without splitting a surrogate pair. */
    static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest);
    }

    /**
     * Returns the id of a group: the first four bytes of the SHA-256 of kind and folded reason.
     *
     * @param kind label of a {@link DeadLetterKind}
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
