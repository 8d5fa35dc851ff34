package io.orderstream.json;

import java.util.regex.Pattern;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;

/**
 * Patterns of schemas, which are those of ECMA-262: there {@code $} is the end of the text. In Java it is also the
 * place before a line break that ends the text, and would let that through.
 */
final class EcmaPatterns implements RegularExpressionFactory {

    @Override
    public RegularExpression getRegularExpression(String regex) {
        Pattern pattern = Pattern.compile(withEnds(regex));
        return text -> pattern.matcher(text).find();
    }

    /** The same with {@code \z} for each {@code $} that is neither escaped nor in a character class. */
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
