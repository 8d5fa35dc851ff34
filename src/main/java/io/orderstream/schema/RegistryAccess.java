package io.orderstream.schema;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import io.orderstream.settings.InvalidSettingException;
import io.orderstream.settings.SecretText;
import io.orderstream.support.HttpCredentials;

/**
 * Address and credentials of the schema registry.
 *
 * @param nodes at least one
 * @param timeout longest time to wait for the response of one node, at least 1 ms
 */
public record RegistryAccess(List<Node> nodes, Duration timeout) {

    /**
     * One node of the registry.
     *
     * @param url http or https URL with its path prefix if any, without credentials and without a slash at the end
     * @param credentials those in its URL, else those of the settings
     */
    public record Node(String url, Optional<HttpCredentials> credentials) {
    }

    public RegistryAccess {
        if (nodes.isEmpty()) {
            throw new InvalidSettingException("SCHEMA_REGISTRY_URL must name at least one url.");
        }
        if (timeout.toMillis() < 1) {
            throw new InvalidSettingException("SCHEMA_REGISTRY_TIMEOUT must be at least 1 ms, but is '" + timeout + "'.");
        }
    }

    /**
     * @param urls one for each node; each may have credentials, percent-encoded
     * @param credentials for nodes without credentials of their own
     * @throws InvalidSettingException if a url is none, or has other credentials than the settings; the message
     *         does not repeat a password
     */
    public static RegistryAccess of(List<String> urls, Optional<HttpCredentials> credentials, Duration timeout) {
        return new RegistryAccess(urls.stream().map(url -> node(url.strip(), credentials)).toList(), timeout);
    }

    private static Node node(String url, Optional<HttpCredentials> settings) {
        URI uri = parse(url);
        Optional<HttpCredentials> own = Optional.ofNullable(uri.getRawUserInfo()).map(userInfo -> credentials(url, userInfo));
        if (own.isPresent() && settings.isPresent() && !own.equals(settings)) {
            throw new InvalidSettingException("SCHEMA_REGISTRY_URL has other credentials than SCHEMA_REGISTRY_USER and "
                    + "SCHEMA_REGISTRY_PASSWORD, or SCHEMA_REGISTRY_TOKEN: set them in one place.");
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String address = uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
        return new Node(address.replaceAll("/+$", ""), own.or(() -> settings));
    }

    private static URI parse(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            // Neither the message of the cause, which repeats the URL, nor the URL as it is: it may contain a password.
            throw invalid("must be a url", url);
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
            throw invalid("must be http(s)://[user:password@]host[:port][/path], with special characters percent-encoded", url);
        }
        return uri;
    }

    private static HttpCredentials credentials(String url, String userInfo) {
        int colon = userInfo.indexOf(':');
        if (colon < 1) {
            throw invalid("must have both user and password, or neither", url);
        }
        return HttpCredentials.basic(decoded(userInfo.substring(0, colon)), decoded(userInfo.substring(colon + 1)));
    }

    private static String decoded(String text) {
        // URLDecoder decodes forms, where a plus is a space; in a URL it is not.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static InvalidSettingException invalid(String rule, String url) {
        return new InvalidSettingException(
                "SCHEMA_REGISTRY_URL " + rule + ", but is '" + SecretText.withoutUserInfo(url) + "'.");
    }

    /** The URLs to which credentials are sent in the clear, over a network. */
    List<String> exposed() {
        return nodes.stream().filter(node -> node.credentials().isPresent())
                .map(Node::url).filter(url -> HttpCredentials.areReadableOnTheWayTo(URI.create(url))).toList();
    }

    /** The URLs, for messages. */
    public String urls() {
        return nodes.stream().map(Node::url).collect(Collectors.joining(", "));
    }
}
