package io.orderstream.settings;

import java.net.URI;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.apache.kafka.common.utils.Utils;

/** The texts that settings of a certain form may have. */
public final class SettingTexts {

    private static final int LARGEST_PORT = 65_535;
    // What a broker accepts as the name of a topic, and of a static member: no name of a directory, and not its own.
    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}\\z)[a-zA-Z0-9._-]{1,249}");
    private static final Pattern PIPELINE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    // RFC 6750.
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");
    private static final Pattern HOST = Pattern
            .compile("[a-zA-Z0-9_]([a-zA-Z0-9._-]*[a-zA-Z0-9_])?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*"
                    + "|\\[[0-9a-fA-F:.]*:[0-9a-fA-F:.]*]");
    private static final Pattern OF_KAFKA = Pattern
            .compile("__(consumer_offsets|transaction_state|share_group_state|cluster_metadata)");

    private SettingTexts() {
    }

    /** Whether a broker accepts the name for a topic that clients write to. */
    public static boolean isTopic(String text) {
        return isMember(text) && !OF_KAFKA.matcher(text).matches();
    }

    static boolean areTopics(String text) {
        return each(text, SettingTexts::isTopic);
    }

    static boolean arePipelines(String text) {
        return each(text, name -> PIPELINE.matcher(name).matches());
    }

    /** Whether a bearer token can be sent. */
    static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    static boolean areHosts(String text) {
        return each(text, host -> HOST.matcher(host).matches());
    }

    static boolean isMember(String text) {
        return NAME.matcher(text).matches();
    }

    /** As Kafka's clients read them, which ignore what is between two commas if that is nothing. */
    static boolean areServers(String text) {
        return each(text, server -> {
            String host = Utils.getHost(server);
            return host != null && !host.isEmpty() && isPort(Utils.getPort(server));
        });
    }

    private static boolean isPort(int port) {
        return port > 0 && port <= LARGEST_PORT;
    }

    /** Whether a URL is absolute and is sent unchanged: no user information, no fragment. */
    static boolean isUrl(String text) {
        URI uri = URI.create(text);
        // Lower case only: Quarkus' REST client treats HTTPS as http.
        boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        return isHttp && uri.getHost() != null && uri.getPort() <= LARGEST_PORT && uri.getUserInfo() == null
                && uri.getFragment() == null;
    }

    /** Whether a path can be appended to each of the URLs. */
    static boolean areUrls(String text) {
        return each(text, url -> {
            URI uri = URI.create(url);
            return uri.getScheme() != null && uri.getScheme().toLowerCase(Locale.ROOT).matches("https?")
                    && uri.getHost() != null && uri.getPort() != 0 && uri.getPort() <= LARGEST_PORT && uri.getQuery() == null
                    && uri.getFragment() == null;
        });
    }

    static boolean areEntries(String text) {
        // A comma behind a backslash is part of a value.
        return each(text.replace("\\,", ""), entry -> entry.indexOf('=') > 0);
    }

    /** Whether a list has at least one element, and each of them is valid. */
    private static boolean each(String text, Predicate<String> rule) {
        return elements(text).findAny().isPresent() && elements(text).allMatch(rule);
    }

    private static Stream<String> elements(String text) {
        return Stream.of(text.split(",")).map(String::strip).filter(element -> !element.isEmpty());
    }
}
