package io.orderstream.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateExpiredException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.netty.channel.ConnectTimeoutException;
import io.orderstream.deadletter.Reasons;
import io.orderstream.order.PoisonOrderException;
import io.orderstream.record.PoisonException;
import io.orderstream.record.UnavailableException;

class FulfilmentFailuresTest {

    private static final List<Integer> REFUSED = List.of(401, 403, 407);
    private static final byte[] NOTHING = new byte[0];

    private final FulfilmentFailures failures = new FulfilmentFailures(
            Clock.fixed(Instant.parse("1994-11-06T08:49:37Z"), ZoneOffset.UTC));

    @Test
    void shouldTakeEveryClientErrorForPoisonButThoseThatAskForAnotherAttempt() {
        // When
        List<Integer> poison = IntStream.range(100, 600).filter(status -> of(status, null) instanceof PoisonException).boxed()
                .toList();

        // Then
        assertThat(poison).containsExactlyElementsOf(IntStream.range(400, 500)
                .filter(status -> status != 408 && status != 425 && status != 429 && !REFUSED.contains(status)).boxed()
                .toList());
    }

    @Test
    void shouldTakeNoOtherStatusThanItsOwnForAnEndpointThatIsAway() {
        // When
        List<Integer> away = IntStream.range(100, 600).filter(status -> of(status, null) instanceof UnavailableException)
                .boxed()
                .toList();

        // Then
        assertThat(away).containsExactlyElementsOf(
                IntStream.concat(IntStream.range(300, 400), IntStream.of(401, 403, 407, 429, 503)).boxed().toList());
        assertThat(((UnavailableException) of(503, null)).retryAfter()).isEmpty();
    }

    @Test
    void shouldSayWhatToDoAboutAnAnswerThatNoOrderCanChange() {
        assertThat(of(401, null)).hasMessage(
                "HTTP 401 Unauthorized, FULFILMENT_USER and FULFILMENT_PASSWORD or FULFILMENT_TOKEN are missing or wrong");
        assertThat(failures.ofAnswer(403, null, bytes("not you"))).hasMessageContaining("HTTP 403 Forbidden, ")
                .hasMessageEndingWith("wrong: not you");
        assertThat(of(302, null)).hasMessage(
                "HTTP 302 Found, redirects are not followed: FULFILMENT_URL has to be corrected");
    }

    @ParameterizedTest
    @ValueSource(ints = { 100, 101, 408, 425, 500, 501, 502, 504, 505, 507, 599, 600, 999 })
    void shouldTakeTheRestForAFailureThatMayPass(int status) {
        assertThat(of(status, null)).isExactlyInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = { 408, 425, 429, 500, 502, 503, 504 })
    void shouldHonourRetryAfterWhateverIsTriedAgain(int status) {
        assertThat(retryAfter(status, "2")).contains(Duration.ofSeconds(2));
    }

    @Test
    void shouldNotTryPoisonAgainEvenIfAskedTo() {
        assertThat(of(400, "2")).isInstanceOf(PoisonOrderException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1                                 | PT1S
            ' 120 '                           | PT2M
            999999999                         | PT277777H46M39S
            Sun, 06 Nov 1994 08:50:37 GMT     | PT1M
            Sunday, 06-Nov-94 08:49:47 GMT    | PT10S
            Sun Nov  6 09:49:37 1994          | PT1H
            """)
    void shouldReadSecondsAndDates(String header, Duration expected) {
        assertThat(retryAfter(503, header)).contains(expected);
        assertThat(retryAfter(500, header)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = { "0", "00", "-1", "+5", "1.5", "2 s", "soon", "", " ", "99999999999999999999", "1, 2",
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:36 GMT", "Sun, 36 Nov 1994 08:50:37 GMT", "1994-11-06" })
    void shouldIgnoreARetryAfterThatIsNoneOrNotInTheFuture(String header) {
        assertThat(retryAfter(503, header)).isEmpty();
        assertThat(of(500, header)).isExactlyInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldSayStatusNameAndTheBeginningOfTheBodyInOneLine() {
        assertThat(of(500, null)).hasMessage("HTTP 500 Internal Server Error");
        assertThat(failures.ofAnswer(422, null, bytes(" no such\n\tproduct\r\n\u0000 "))).hasMessage(
                "HTTP 422 Unprocessable Entity: no such product");
        assertThat(failures.ofAnswer(400, null, bytes("\ud83d\ude00".repeat(1_000)))).hasMessage(
                "HTTP 400 Bad Request: " + "\ud83d\ude00".repeat(200));
        assertThat(failures.ofAnswer(400, null, bytes("x".repeat(100_000)))).hasMessage(
                "HTTP 400 Bad Request: " + "x".repeat(200));
        assertThat(failures.ofAnswer(400, null, new byte[] { -1, -2 })).hasMessage("HTTP 400 Bad Request: \ufffd\ufffd");
    }

    @Test
    void shouldGiveDeadLettersOfDifferentStatusDifferentGroups() {
        // When
        List<String> groups = IntStream.of(400, 401, 403, 404, 409, 410, 413, 415, 422, 408, 500, 502, 504)
                .mapToObj(status -> Reasons.fold(of(status, null).getMessage())).toList();

        // Then
        assertThat(groups).doesNotHaveDuplicates();
    }

    @Test
    void shouldBlameNoOrderWhileThereIsNoConnection() {
        List.of(new ConnectException("refused"), new ConnectTimeoutException("late"), new UnknownHostException("who"),
                new NoRouteToHostException("far"), new BindException("no port left"))
                .forEach(cause -> assertThat(failures.ofCall(cause)).isInstanceOf(UnavailableException.class)
                        .hasMessage("not reached: " + cause.getMessage()).hasCause(cause));
    }

    @Test
    void shouldBlameNoOrderForACertificate() {
        SSLHandshakeException expired = new SSLHandshakeException("Failed to create SSL connection");
        expired.initCause(new CertificateExpiredException("NotAfter: Thu"));
        assertThat(failures.ofCall(expired)).isInstanceOf(UnavailableException.class)
                .hasMessage("not reached: the server's certificate has expired (NotAfter: Thu)");
        assertThat(failures.ofCall(new SSLException("Received fatal alert: bad_certificate")))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("the server refuses the connection, or this client's certificate");
        assertThat(failures.ofCall(new SSLException("not an SSL/TLS record: 485454502f312e31")))
                .hasMessage("not reached: there is no TLS connection (not an SSL/TLS record)");
    }

    @Test
    void shouldTakeAConnectionThatBreaksForAFailureOfTheAttempt() {
        List.of(new SocketException("Connection reset"), new IOException("Connection was closed"), new TimeoutException("late"))
                .forEach(cause -> assertThat(failures.ofCall(cause)).isExactlyInstanceOf(IllegalStateException.class)
                        .hasMessage("no answer: " + cause.getMessage()).hasCause(cause));
    }

    private RuntimeException of(int status, String retryAfter) {
        return failures.ofAnswer(status, retryAfter, NOTHING);
    }

    private Optional<Duration> retryAfter(int status, String header) {
        return of(status, header) instanceof UnavailableException unavailable ? unavailable.retryAfter() : Optional.empty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
