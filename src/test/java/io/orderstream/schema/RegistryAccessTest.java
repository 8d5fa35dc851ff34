package io.orderstream.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.schema.RegistryAccess.Node;
import io.orderstream.settings.InvalidSettingException;
import io.orderstream.support.HttpCredentials;

class RegistryAccessTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @ParameterizedTest
    @ValueSource(strings = { "", "localhost:8081", "ftp://host", "http://", "http://host?x=1", "http://ho st" })
    void shouldRefuseWhatIsNoUrl(String url) {
        assertThatThrownBy(() -> RegistryAccess.of(List.of(url), Optional.empty(), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + url + "'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://alice:s3cretpw@host:8081/a/  | http://host:8081/a | alice | s3cretpw
            https://a%40b:p%3A%2F%25+%20w@host  | https://host       | a@b   | 'p:/%+ w'
            http://alice:a:b@[::1]:8081         | http://[::1]:8081  | alice | a:b
            http://alice:@host                  | http://host        | alice | ''
            """)
    void shouldTakeCredentialsOutOfTheUrl(String given, String url, String user, String password) {
        // When
        RegistryAccess access = RegistryAccess.of(List.of(given), Optional.empty(), TIMEOUT);

        // Then
        assertThat(access.nodes()).containsExactly(new Node(url, Optional.of(HttpCredentials.basic(user, password))));
        assertThat(access.urls()).isEqualTo(url);
        assertThat(password.isEmpty() || !access.toString().contains(password)).isTrue();
    }

    @Test
    void shouldSendCredentialsToTheirOwnNodeOnly() {
        // Given
        HttpCredentials settings = HttpCredentials.basic("bob", "other");
        List<String> urls = List.of("http://alice:s3cretpw@one", "http://two");

        // Then
        assertThat(RegistryAccess.of(urls, Optional.empty(), TIMEOUT).nodes()).extracting(Node::credentials)
                .containsExactly(Optional.of(HttpCredentials.basic("alice", "s3cretpw")), Optional.empty());
        assertThat(RegistryAccess.of(List.of("http://two", "http://bob:other@one"), Optional.of(settings), TIMEOUT).nodes())
                .extracting(Node::credentials).containsOnly(Optional.of(settings));
    }

    @ParameterizedTest
    @ValueSource(strings = { "http://alice:s3cretpw@host?x=1", "http://alice:s3@cretpw@host", "http://alice:s3/cretpw@host",
            "http://alice:s3#cretpw@host", "http://alice:s3 cretpw@host", "http://alice:%zs3cretpw@host", "alice:s3cretpw@host",
            "http://:s3cretpw@host", "http://s3cretpw@host", "http://bob:s3cretpw@host" })
    void shouldRefuseCredentialsItCannotUseWithoutRepeatingThem(String url) {
        // Given
        HttpCredentials settings = HttpCredentials.basic("bob", "other");

        // When
        Throwable failure = catchThrowable(() -> RegistryAccess.of(List.of(url), Optional.of(settings), TIMEOUT));

        // Then
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(failure).isExactlyInstanceOf(InvalidSettingException.class).hasMessageContaining("SCHEMA_REGISTRY_URL");
        assertThat(trace.toString()).doesNotContain("s3").doesNotContain("cretpw");
    }
}
