package io.orderstream.fulfilment;

import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import java.util.stream.Stream;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.orderstream.order.PoisonOrderException;
import io.orderstream.record.UnavailableException;
import io.orderstream.support.Failures;
import io.orderstream.support.TlsFailure;

/**
 * Maps a response of the endpoint other than 2xx, or a missing response, to the exception that decides about retries.
 * <p>
 * A 4xx is poison, and that includes 404: with a wrong path every order becomes a dead letter, to be redriven once it is
 * corrected. The exceptions 408, 425 (RFC 8470) and 429 are retried.
 * <p>
 * Credentials that are refused, by the endpoint or a proxy, count as unavailable: that is no order's fault, and orders wait
 * until
 * they are corrected. So does a redirect, which is not followed: the endpoint has moved.
 * <p>
 * The same failure gives the same message for all orders, so that their dead letters form one group. Grouping ignores
 * numbers, so the message has the status' name too.
 */
final class FulfilmentFailures {

    private static final int LONGEST_EXCERPT = 200;
    /** UTF-8 has at most four bytes per character. */
    static final int BYTES_LOOKED_AT = 4 * LONGEST_EXCERPT;

    private final Clock clock;

    /** @param clock to evaluate a {@code Retry-After} that is a date */
    FulfilmentFailures(Clock clock) {
        this.clock = clock;
    }

    /**
     * Returns the exception for a response other than 2xx.
     *
     * @param retryAfter the {@code Retry-After} header, null if there is none
     * @param body the body, may be empty
     */
    RuntimeException ofAnswer(int status, String retryAfter, byte[] body) {
        String message = message(status, body);
        if (isPoison(status)) {
            return new PoisonOrderException(message);
        }
        Optional<Duration> wait = retryAfter(retryAfter);
        if (wait.isPresent() || isUnavailable(status)) {
            return new UnavailableException(message, wait.orElse(null));
        }
        return new IllegalStateException(message);
    }

    private static boolean isPoison(int status) {
        return status / 100 == 4 && status != 408 && status != 425 && status != 429 && !isRefused(status);
    }

    private static boolean isUnavailable(int status) {
        return status == 429 || status == 503 || isRedirect(status) || isRefused(status);
    }

    private static boolean isRedirect(int status) {
        return status / 100 == 3;
    }

    private static boolean isRefused(int status) {
        return status == 401 || status == 403 || status == 407;
    }

    private static String message(int status, byte[] body) {
        String excerpt = excerpt(body);
        return "HTTP " + HttpResponseStatus.valueOf(status) + advice(status) + (excerpt.isEmpty() ? "" : ": " + excerpt);
    }

    /** What to do about an answer that will be the same until somebody changes a setting. */
    private static String advice(int status) {
        if (isRefused(status)) {
            return ", FULFILMENT_USER and FULFILMENT_PASSWORD or FULFILMENT_TOKEN are missing or wrong";
        }
        return isRedirect(status) ? ", redirects are not followed: FULFILMENT_URL has to be corrected" : "";
    }

    /** The beginning of the body as a single line, for headers and the log. */
    private static String excerpt(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, BYTES_LOOKED_AT), StandardCharsets.UTF_8);
        String line = Failures.oneLine(text).strip();
        return line.substring(0, line.offsetByCodePoints(0, Math.min(LONGEST_EXCERPT, line.codePointCount(0, line.length()))));
    }

    /** Parses seconds or a date (RFC 9110, 10.2.3). Anything else, or a date that has passed, is ignored. */
    private Optional<Duration> retryAfter(String header) {
        if (header == null) {
            return Optional.empty();
        }
        String text = header.strip();
        if (text.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text))).filter(wait -> !wait.isZero());
        }
        Date date = DateFormatter.parseHttpDate(text);
        return Optional.ofNullable(date).map(until -> Duration.between(clock.instant(), until.toInstant()))
                .filter(wait -> !wait.isNegative() && !wait.isZero());
    }

    /**
     * Returns the exception for a call without a response: unavailable if no connection was made; otherwise the order
     * may be the cause, and it is retried as usual.
     *
     * @param failure failure of the HTTP client
     */
    RuntimeException ofCall(Throwable failure) {
        if (TlsFailure.isIn(failure)) {
            return new UnavailableException("not reached: " + TlsFailure.sentence(failure), failure);
        }
        String message = Failures.message(failure);
        return isNotConnected(failure) ? new UnavailableException("not reached: " + message, failure)
                : new IllegalStateException("no answer: " + message, failure);
    }

    private static boolean isNotConnected(Throwable failure) {
        return Stream.of(ConnectException.class, UnknownHostException.class, NoRouteToHostException.class, BindException.class)
                .anyMatch(type -> type.isInstance(failure));
    }
}
