package io.orderstream.settings;

/** Leaves secrets out of texts that are shown. */
public final class SecretText {

    private SecretText() {
    }

    /**
     * Replaces what may be user and password of a URL, well formed or not, or of several separated by commas:
     * everything before the last {@code @}, apart from the scheme.
     */
    public static String withoutUserInfo(String url) {
        return url.replaceFirst("(?s)^(\\s*[a-zA-Z][a-zA-Z0-9+.-]*:/+)?.*@", "$1***@");
    }
}
