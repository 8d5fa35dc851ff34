package io.orderstream.json;

import java.util.regex.Pattern;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;

/**
 * Compiles the patterns of schemas, which follow ECMA-262, with Java's regular expressions. In ECMA-262 {@code $}
 * matches at the end of the text only; in Java also before a final line break.
 */
final class EcmaPatterns implements RegularExpressionFactory {

    @Override
    public RegularExpression getRegularExpression(String regex) {
        Pattern pattern = Pattern.compile(withEnds(regex));
        return text -> pattern.matcher(text).find();
    }

    /** Replaces each {@code $} that is neither escaped nor in a character class by {@code \z}. */
    static String withEnds(String regex) {
        StringBuilder translated = new StringBuilder();
        boolean isClass = false;
        for (int at = 0; at < regex.length(); at++) {
            char next = regex.charAt(at);
            if (next == '\\' && at + 1 < regex.length()) {
                translated.append(next).append(regex.charAt(++at));
                continue;
            }
            isClass = isClass ? next != ']' : next == '[';
            translated.append(next == '$' && !isClass ? "\\z" : Character.toString(next));
        }
        return translated.toString();
    }
}
