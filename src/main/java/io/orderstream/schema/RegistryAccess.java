package io.orderstream.schema;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Address and credentials of the schema registry.
 *
 * @param urls at least one http or https URL, one per node, each with its path prefix if any
 * @param credentials for basic authentication
 * @param timeout longest time to wait for the response of one node, at least 1 ms
 */
public record RegistryAccess(List<String> urls, Optional<Credentials> credentials, Duration timeout) {

    /** User and password; {@code toString} omits the password. */
    public record Credentials(String user, String password) {

        @Override
        public String toString() {
            return "Credentials[user=" + user + "]";
        }
    }

    public RegistryAccess {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("registry urls must name at least one url");
        }
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("registry timeout must be at least 1 ms, got: " + timeout);
        }
        urls = urls.stream().map(RegistryAccess::normalized).toList();
    }

    private static String normalized(String url) {
        String trimmed = url.strip().replaceAll("/+$", "");
        URI uri;
        try {
            uri = URI.create(trimmed);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("registry url is not a url: '" + url + "'", e);
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException("registry url must be http(s)://host[:port][/path], got: '" + url + "'");
        }
        return trimmed;
    }
}
