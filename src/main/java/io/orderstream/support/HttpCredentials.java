package io.orderstream.support;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Who a client of an HTTP server says it is; {@code toString} omits what is secret.
 *
 * @param header value of the header {@code Authorization}
 * @param shown what may be shown of it
 */
public record HttpCredentials(String header, String shown) {

    /** User and password, for basic authentication (RFC 7617). */
    public static HttpCredentials basic(String user, String password) {
        return new HttpCredentials("Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)), "user " + user);
    }

    /** @param token of RFC 6750: without blanks and control characters */
    public static HttpCredentials bearer(String token) {
        return new HttpCredentials("Bearer " + token, "a token");
    }

    /** Those of settings that exclude each other: user with password, or a token. */
    public static Optional<HttpCredentials> of(Optional<String> user, Optional<String> password, Optional<String> token) {
        return token.map(HttpCredentials::bearer).or(() -> user.map(name -> basic(name, password.orElse(""))));
    }

    /** Whether anybody on the way to this URL can read what is sent there: neither https nor this machine. */
    public static boolean areReadableOnTheWayTo(URI url) {
        String host = url.getHost();
        boolean isHere = host.equalsIgnoreCase("localhost") || host.matches("127(\\.\\d{1,3}){3}") || host.equals("[::1]");
        return "http".equalsIgnoreCase(url.getScheme()) && !isHere;
    }

    @Override
    public String toString() {
        return "HttpCredentials[" + shown + "]";
    }
}
