package io.orderstream.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.settings.SettingRule.Kind;

class SettingRuleTest {

    private static final Map<String, SettingRule> RULES = SettingRule.of(TrialSettings.class)
            .collect(Collectors.toMap(SettingRule::env, Function.identity()));

    @Test
    void shouldReadOneRuleOfEachSettingInTheOrderOfTheirNames() {
        assertThat(SettingRule.of(TrialSettings.class)).extracting(SettingRule::env).containsExactly("TRIAL_ATTEMPTS",
                "TRIAL_BACKOFF_SECONDS", "TRIAL_COUNT", "TRIAL_ENABLED", "TRIAL_GROUP", "TRIAL_HEADERS", "TRIAL_HOSTS",
                "TRIAL_INTERVAL",
                "TRIAL_LONGEST", "TRIAL_MEMBER", "TRIAL_MODE", "TRIAL_NAMES", "TRIAL_PASSWORD", "TRIAL_PROTOCOL", "TRIAL_RATE",
                "TRIAL_RETENTION", "TRIAL_SERVERS", "TRIAL_TOKEN", "TRIAL_TOPIC", "TRIAL_TOPICS", "TRIAL_URL", "TRIAL_URLS",
                "TRIAL_USER");
    }

    @Test
    void shouldReadWhatTheMethodDeclares() {
        // When
        SettingRule rule = RULES.get("TRIAL_BACKOFF_SECONDS");

        // Then
        assertThat(rule.property()).isEqualTo("orderstream.trial.backoff-seconds");
        assertThat(rule.doc()).isEqualTo("Seconds before the first retry.");
        assertThat(rule.defaultValue()).isEqualTo("1.5");
        assertThat(rule.shownDefault()).isEqualTo("1.5");
        assertThat(rule.kind()).isEqualTo(Kind.NUMBER);
        assertThat(rule.min()).isEqualTo("0");
        assertThat(rule.max()).isEqualTo("60");
        assertThat(RULES.get("TRIAL_COUNT").defaultValue()).isEmpty();
        assertThat(RULES.get("TRIAL_COUNT").shownDefault()).isEqualTo("unset");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TRIAL_ATTEMPTS  | a whole number from 1 to 20
            TRIAL_COUNT     | a whole number of at least 0
            TRIAL_RATE      | a number from 0 to 1
            TRIAL_INTERVAL  | a duration such as 500ms, 1s or PT1M from 10ms to 1h
            TRIAL_RETENTION | a duration such as 500ms, 1s or PT1M of at most 30d
            TRIAL_ENABLED   | true or false
            TRIAL_MODE      | one of in-place, topic
            TRIAL_PROTOCOL  | exactly one of grpc, http/protobuf
            TRIAL_NAMES     | text
            TRIAL_URL       | an http or https url such as https://example.org/orders
            TRIAL_SERVERS   | host:port with a port from 1 to 65535, or several separated by commas
            TRIAL_LONGEST   | a duration such as 500ms, 1s or PT1M from 10ms to 2h, and at least TRIAL_INTERVAL
            TRIAL_PASSWORD  | text, set together with TRIAL_USER
            TRIAL_TOKEN     | 'letters, digits and -._~+/, with any number of = at the end, not together with TRIAL_USER'
            """)
    void shouldSayInWordsWhatAValueHasToBe(String env, String words) {
        assertThat(RULES.get(env).rule()).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TRIAL_ATTEMPTS  | 1
            TRIAL_ATTEMPTS  | 20
            TRIAL_ATTEMPTS  | ' 7 '
            TRIAL_COUNT     | 9223372036854775807
            TRIAL_RATE      | 0
            TRIAL_RATE      | 1
            TRIAL_RATE      | .25
            TRIAL_RATE      | 1e-3
            TRIAL_INTERVAL  | 10ms
            TRIAL_INTERVAL  | 60m
            TRIAL_INTERVAL  | 5
            TRIAL_INTERVAL  | PT0.5S
            TRIAL_RETENTION | 30d
            TRIAL_RETENTION | 0s
            TRIAL_ENABLED   | true
            TRIAL_ENABLED   | FALSE
            TRIAL_MODE      | in-place
            TRIAL_MODE      | IN_PLACE
            TRIAL_MODE      | Topic
            TRIAL_PROTOCOL  | http/protobuf
            TRIAL_NAMES     | ''
            TRIAL_NAMES     | anything, at all
            TRIAL_URL       | https://example.org
            TRIAL_URL       | http://10.0.0.1:65535/a%20path?of=orders
            TRIAL_URL       | http://[::1]:8080/
            TRIAL_HOSTS     | localhost
            TRIAL_HOSTS     | ' orders.example.org, 127.0.0.1,::1,[2001:db8::1] '
            TRIAL_SERVERS   | localhost:9092
            TRIAL_SERVERS   | ' a:1, b-1.example.org:65535 ,,c:9092,'
            TRIAL_SERVERS   | [::1]:9092
            TRIAL_SERVERS   | PLAINTEXT://10.0.0.1:9092
            TRIAL_TOPIC     | orders
            TRIAL_TOPIC     | A.b_c-9
            TRIAL_TOPIC     | ...
            TRIAL_TOPIC     | __consumer_offsets_copy
            TRIAL_TOPICS    | 'a, b,,c'
            TRIAL_MEMBER    | pod-0.orderstream
            TRIAL_GROUP     | any group, with a blank
            TRIAL_HEADERS   | authorization=Basic YTpi,x=
            TRIAL_HEADERS   | a=1\\,2
            TRIAL_URLS      | http://a:8081, HTTPS://b/prefix/
            TRIAL_PASSWORD  | '  any $ { \\ text  '
            TRIAL_TOKEN     | eyJhbGciOiJub25lIn0.e30.-_~+/==
            """)
    void shouldKeepQuietAboutAValueThatKeepsTheRule(String env, String value) {
        assertThat(RULES.get(env).check(value)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TRIAL_ATTEMPTS  | 0
            TRIAL_ATTEMPTS  | 21
            TRIAL_ATTEMPTS  | 1.5
            TRIAL_ATTEMPTS  | three
            TRIAL_ATTEMPTS  | ''
            TRIAL_COUNT     | -1
            TRIAL_COUNT     | 9223372036854775808
            TRIAL_RATE      | -0.01
            TRIAL_RATE      | 1.01
            TRIAL_RATE      | 0,1
            TRIAL_RATE      | NaN
            TRIAL_RATE      | 10%
            TRIAL_INTERVAL  | 9ms
            TRIAL_INTERVAL  | 3601s
            TRIAL_INTERVAL  | 1 s
            TRIAL_INTERVAL  | soon
            TRIAL_INTERVAL  | -5s
            TRIAL_RETENTION | 31d
            TRIAL_RETENTION | 1w
            TRIAL_ENABLED   | yes
            TRIAL_ENABLED   | 1
            TRIAL_MODE      | queue
            TRIAL_MODE      | ''
            TRIAL_PROTOCOL  | http
            TRIAL_PROTOCOL  | http-protobuf
            TRIAL_PROTOCOL  | GRPC
            TRIAL_PROTOCOL  | ''
            TRIAL_URL       | ''
            TRIAL_URL       | example.org/orders
            TRIAL_URL       | localhost:8080
            TRIAL_URL       | ftp://example.org
            TRIAL_URL       | HTTPS://example.org
            TRIAL_URL       | http:///orders
            TRIAL_URL       | http://two words/
            TRIAL_URL       | http://example.org:65536/
            TRIAL_URL       | http://example.org/#orders
            TRIAL_HOSTS     | orders.example.org:8080
            TRIAL_HOSTS     | https://orders.example.org
            TRIAL_HOSTS     | orders.example.org.
            TRIAL_HOSTS     | *.example.org
            TRIAL_HOSTS     | a b
            TRIAL_HOSTS     | ','
            TRIAL_SERVERS   | localhost
            TRIAL_SERVERS   | localhost:
            TRIAL_SERVERS   | localhost:0
            TRIAL_SERVERS   | localhost:65536
            TRIAL_SERVERS   | localhost:99999999999
            TRIAL_SERVERS   | :9092
            TRIAL_SERVERS   | a:9092,b
            TRIAL_SERVERS   | a:9092 b:9092
            TRIAL_SERVERS   | a:9092;b:9092
            TRIAL_SERVERS   | http://localhost:9092/
            TRIAL_SERVERS   | ','
            TRIAL_TOPIC     | .
            TRIAL_TOPIC     | ..
            TRIAL_TOPIC     | two words
            TRIAL_TOPIC     | ' orders'
            TRIAL_TOPIC     | 'orders '
            TRIAL_TOPIC     | a,b
            TRIAL_TOPIC     | bestellungen-für-alle
            TRIAL_TOPIC     | orders*
            TRIAL_TOPIC     | __consumer_offsets
            TRIAL_TOPICS    | a,b c
            TRIAL_TOPICS    | ','
            TRIAL_MEMBER    | ..
            TRIAL_MEMBER    | pod 0
            TRIAL_GROUP     | ' group'
            TRIAL_GROUP     | 'group '
            TRIAL_URLS      | foo
            TRIAL_URLS      | http://a:8081,b:8081
            TRIAL_URLS      | http://a:99999
            TRIAL_URLS      | http://a:8081/?x=y
            TRIAL_URLS      | ','
            """)
    void shouldSayInOneSentenceWhichSettingBreaksWhichRuleWithWhichValue(String env, String value) {
        // Given
        SettingRule rule = RULES.get(env);

        // Then
        assertThat(rule.check(value)).contains(env + " must be " + rule.rule() + ", but is '" + value + "'.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TRIAL_URLS    | http://a,http://u:s3cret@b:99999    | , but is 'http://***@b:99999'.
            TRIAL_SERVERS | http://u:s3cret@b                   | , but is 'http://***@b'.
            """)
    void shouldNotRepeatCredentials(String env, String value, String end) {
        assertThat(RULES.get(env).check(value)).hasValueSatisfying(sentence -> assertThat(sentence)
                .isEqualTo(env + " must be " + RULES.get(env).rule() + end));
    }

    @Test
    void shouldNotTakeALongerNameThanABrokerDoes() {
        assertThat(RULES.get("TRIAL_TOPIC").check("x".repeat(249))).isEmpty();
        assertThat(RULES.get("TRIAL_TOPIC").check("x".repeat(250))).isPresent();
        assertThat(RULES.get("TRIAL_TOPIC").check("x\n")).isPresent();
    }

    @Test
    void shouldNotTakeADurationThatMillisecondsCannotTell() {
        // Given
        SettingRule unbounded = new SettingRule("p", "ENV", "", "", Kind.DURATION, List.of(), "1s", "", "", "", "", false);

        // Then
        assertThat(unbounded.check("36500d")).isEmpty();
        assertThat(unbounded.check("999999999999d")).isPresent();
        assertThat(unbounded.check("99999999999999999999d")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = { "http://olga:s3cret@example.org/a", "http://olga:s3@cret@example.org/a",
            "http://olga:s3/cret@example.org/a",
            "http://olga:s3#cret@example.org/a", "http://olga:s3 cret@example.org/a", "http://olga:%zs3cret@example.org/a",
            "s3cret@example.org/a", "http://o:s3cret@one,http://p:s3cret@example.org/a" })
    void shouldNotRepeatCredentialsInAUrl(String value) {
        assertThat(RULES.get("TRIAL_URL").check(value)).get().asString().doesNotContain("s3").doesNotContain("cret")
                .contains("TRIAL_URL must be an http or https url", "without user and password", "***@example.org/a'");
    }

    @Test
    void shouldNeverRepeatASecret() {
        // Given
        SettingRule secret = new SettingRule("p", "ENV", "", "", Kind.NUMBER, List.of(), "", "", "", "", "", true);

        // Then
        assertThat(secret.check("s3cret")).contains("ENV must be a number; its value, a secret, is not shown.");
    }

    @Test
    void shouldNotTakeANumberForFiniteThatIsNot() {
        // Given
        SettingRule unbounded = new SettingRule("p", "ENV", "", "", Kind.NUMBER, List.of(), "", "", "", "", "", false);

        // Then
        assertThat(unbounded.check("1e308")).isEmpty();
        assertThat(unbounded.check("NaN")).contains("ENV must be a number, but is 'NaN'.");
        assertThat(unbounded.check("Infinity")).isPresent();
        assertThat(unbounded.check("1e999")).isPresent();
    }
}
