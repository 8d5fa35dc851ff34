package io.orderstream.support;

/**
 * Makes text from outside, such as an id, a product or the message of a failure, fit for a log line or another place where
 * people read it: one line, without control characters, and of bounded length. Line breaks, control characters, invisible
 * characters that change the direction of text, and lone surrogates are written as escapes such as {@code \n} and
 * {@code \u001b}.
 */
public final class LogText {

    private static final int LONGEST_VALUE = 200;
    private static final int LONGEST_TEXT = 1_000;
    /** Room for the remark on the length of a text that was cut. */
    private static final int REMARK = 30;
    private static final char LAST_ASCII = '~';

    private LogText() {
    }

    /**
     * Returns the value of a {@code key=value} pair: as it is if it is a plain word, else in quotes, so that blanks, quotes and
     * equals signs in it cannot look like another pair. At most 200 characters of it are shown.
     *
     * @param value its text is shown; may be null
     */
    public static String value(Object value) {
        String text = String.valueOf(value);
        return isWord(text) ? cut(text, LONGEST_VALUE) : '"' + escaped(text, LONGEST_VALUE, true) + '"';
    }

    /** Returns what stands between the quotes of {@code reason="..."}: at most 1,000 characters. */
    public static String quoted(String text) {
        return escaped(String.valueOf(text), LONGEST_TEXT, true);
    }

    /** Returns a text as a single line of at most 1,000 characters. */
    public static String line(String text) {
        return line(text, LONGEST_TEXT);
    }

    /**
     * Returns a text as a single line. Applied to its own result it changes nothing.
     *
     * @param longest most characters of the result
     */
    public static String line(String text, int longest) {
        return escaped(String.valueOf(text), longest, false);
    }

    private static String cut(String word, int longest) {
        return word.length() <= longest ? word : '"' + escaped(word, longest, true) + '"';
    }

    private static boolean isWord(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || isSyntax(c) || c > LAST_ASCII && (isUnfit(text, i) || Character.isSpaceChar(c))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isSyntax(char c) {
        return c == '"' || c == '=' || c == '\\' || c == '[' || c == ']';
    }

    /** Whether a text is a single line without control characters. */
    public static boolean isClean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' || c > LAST_ASCII) && isUnfit(text, i)) {
                return false;
            }
        }
        return true;
    }

    /** Of a pair of surrogates the second is never unfit by itself: the pair was judged at the first. */
    private static boolean isUnfit(String text, int at) {
        char c = text.charAt(at);
        boolean isSecond = Character.isLowSurrogate(c) && at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
        return !isSecond && isUnfit(text.codePointAt(at));
    }

    private static boolean isUnfit(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                true;
            default -> false;
        };
    }

    private static String escaped(String text, int longest, boolean isInQuotes) {
        if (text.length() <= longest && isClean(text) && !(isInQuotes && hasQuoteOrBackslash(text))) {
            return text;
        }
        StringBuilder line = new StringBuilder(Math.min(text.length() + REMARK, longest));
        int end = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            append(line, text.codePointAt(i), isInQuotes);
            if (line.length() > longest) {
                line.setLength(end);
                return line.append("...(").append(text.length()).append(" characters)").toString();
            }
            if (line.length() <= longest - REMARK) {
                end = line.length();
            }
        }
        return line.toString();
    }

    private static boolean hasQuoteOrBackslash(String text) {
        return text.indexOf('"') >= 0 || text.indexOf('\\') >= 0;
    }

    private static void append(StringBuilder line, int codePoint, boolean isInQuotes) {
        if (isUnfit(codePoint)) {
            appendEscape(line, codePoint);
            return;
        }
        if (isInQuotes && (codePoint == '"' || codePoint == '\\')) {
            line.append('\\');
        }
        line.appendCodePoint(codePoint);
    }

    private static void appendEscape(StringBuilder line, int codePoint) {
        switch (codePoint) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                for (char c : Character.toChars(codePoint)) {
                    line.append("\\u%04x".formatted((int) c));
                }
            }
        }
    }
}
