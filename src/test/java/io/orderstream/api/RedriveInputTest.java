package io.orderstream.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.DeadLetterFilter.Coordinates;
import io.orderstream.json.ValueSchema;
import io.orderstream.redrive.RedriveRequest;

/** Bodies are written with single quotes here. */
class RedriveInputTest {

    private static final int MOST_COORDINATES = 1_000;

    private static final ValueSchema SCHEMA = ValueSchema.ofResource(RedriveInput.SCHEMA);

    @Test
    void shouldTakeAllFields() {
        // When
        RedriveInput input = parse("{'dryRun':true,'ratePerSecond':0.5,'limit':7,'includeRedriven':true,'filter':{"
                + "'topic':'t','kind':'poison','reason':'r','reasonGroup':'00ff00ff','key':'k',"
                + "'since':'2026-01-31T12:00:00Z','until':'2026-01-31T12:00:01Z',"
                + "'letters':[{'topic':'t','partition':1,'offset':9223372036854775807}]}}");

        // Then
        assertThat(input).isEqualTo(new RedriveInput(true,
                new RedriveRequest(new DeadLetterFilter("t", "poison", "r", "00ff00ff",
                        "k", Instant.parse("2026-01-31T12:00:00Z"), Instant.parse("2026-01-31T12:00:01Z"),
                        List.of(new Coordinates("t", 1, Long.MAX_VALUE))), true, 0.5, 7)));
    }

    @Test
    void shouldTakeAllLettersAsFastAsPossibleWhenOnlyAnEmptyFilterIsGiven() {
        assertThat(parse("{'filter':{'key':null},'ratePerSecond':null,'limit':null,'dryRun':null}"))
                .isEqualTo(parse("{'filter':{}}"))
                .isEqualTo(new RedriveInput(false, new RedriveRequest(DeadLetterFilter.ALL, false, null, 100_000)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "~~                                          | body",
            "{                                           | body",
            "{'filter':{}} {}                            | body",
            "{'filter':{'key':'a','key':'b'}}            | body",
            "null                                        | body",
            "[]                                          | body",
            "{}                                          | filter",
            "{'filter':null}                             | filter",
            "{'filter':[]}                               | filter",
            "{'filter':{},'dryrun':true}                 | dryrun",
            "{'filter':{},'dryRun':'true'}               | dryRun",
            "{'filter':{},'includeRedriven':1}           | includeRedriven",
            "{'filter':{},'ratePerSecond':0}             | ratePerSecond",
            "{'filter':{},'ratePerSecond':0.09}          | ratePerSecond",
            "{'filter':{},'ratePerSecond':100000.5}      | ratePerSecond",
            "{'filter':{},'ratePerSecond':'5'}           | ratePerSecond",
            "{'filter':{},'ratePerSecond':1e400}         | ratePerSecond",
            "{'filter':{},'limit':0}                     | limit",
            "{'filter':{},'limit':100001}                | limit",
            "{'filter':{},'limit':1.5}                   | limit",
            "{'filter':{},'limit':99999999999999999999}  | limit",
            "{'filter':{},'limit':4294967297.0}          | limit",
            "{'filter':{},'limit':18446744073709551617.0} | limit",
            "{'filter':{'kind':1E+999999999}}            | body",
            "{'filter':{'key':'\\ud800'}}                | body",
            "{'filter':{'letters':[{'topic':'t','partition':4294967296.0,'offset':0}]}}  | filter.letters[0].partition",
            "{'filter':{'letters':[{'topic':'t','partition':0,'offset':18446744073709551616.0}]}} | filter.letters[0].offset",
            "{'filter':{'tpoic':'x'}}                    | filter.tpoic",
            "{'filter':{'topic':''}}                     | filter.topic",
            "{'filter':{'topic':5}}                      | filter.topic",
            "{'filter':{'kind':'Poison'}}                | filter.kind",
            "{'filter':{'reasonGroup':'xyz'}}            | filter.reasonGroup",
            "{'filter':{'key':{}}}                       | filter.key",
            "{'filter':{'since':'yesterday'}}            | filter.since",
            "{'filter':{'until':1767225600}}             | filter.until",
            "{'filter':{'letters':[]}}                   | filter.letters",
            "{'filter':{'letters':'orders-dlq-0-1'}}     | filter.letters",
            "{'filter':{'letters':[1]}}                  | filter.letters[0]",
            "{'filter':{'letters':[{'topic':'t','partition':0}]}}                        | filter.letters[0].offset",
            "{'filter':{'letters':[{'topic':'t','partition':-1,'offset':0}]}}            | filter.letters[0].partition",
            "{'filter':{'letters':[{'partition':1,'offset':0}]}}                         | filter.letters[0].topic",
            "{'filter':{'letters':[{'topic':'t','partition':0,'offset':0,'x':1}]}}       | filter.letters[0].x",
            "{'filter':{'since':'2026-01-31T12:00:00Z','until':'2026-01-31T12:00:00Z'}}  | filter.until" })
    void shouldNameTheFieldThatBreaksARule(String body, String field) {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> parse(body)).satisfies(wrong -> {
            assertThat(wrong.field()).isEqualTo(field);
            assertThat(wrong.rule()).isNotBlank();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "{'filter':{},'limit':'many'}    | limit must be a whole number from 1 to 100000, but is 'many'",
            "{'filter':{'tpoic':'x'}}        | filter.tpoic must be left out: the fields are [topic, kind, reason, reasonGroup, key, since, until, letters], but is 'x'",
            "{'filter':{'letters':[{'topic':'t','partition':0}]}} | filter.letters[0].offset must be a whole number from 0 to 9223372036854775807, but is ''",
            "{'filter':{},'ratePerSecond':0} | ratePerSecond must be a number from 0.1 to 100000, but is '0'",
            "[1]                             | body must be an object with the fields [filter, dryRun, ratePerSecond, limit, includeRedriven], but is '[1]'" })
    void shouldSayWhatTheFieldMustBeAndWhatItIs(String body, String sentence) {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> parse(body)).withMessage(sentence);
    }

    @Test
    void shouldTakeEveryKindThereIsAndTellThem() {
        assertThat(DeadLetter.KINDS)
                .allSatisfy(kind -> assertThat(parse("{'filter':{'kind':'" + kind + "'}}").request().filter()
                        .kind()).isEqualTo(kind));
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> parse("{'filter':{'kind':'any'}}"))
                .withMessageContaining("one of " + DeadLetter.KINDS.stream().sorted().toList());
    }

    @Test
    void shouldTakeAsMuchAsAJobCan() {
        // Given
        String letters = IntStream.range(0, MOST_COORDINATES)
                .mapToObj(n -> "{'topic':'t','partition':0,'offset':" + n + "}").collect(Collectors.joining(","));

        // When
        RedriveRequest request = parse("{'filter':{'letters':[" + letters + "]},'limit':" + RedriveRequest.MOST_LETTERS
                + ",'ratePerSecond':100000}").request();

        // Then
        assertThat(request.filter().letters()).hasSize(MOST_COORDINATES);
        assertThat(request.limit()).isEqualTo(RedriveRequest.MOST_LETTERS);
        assertThat(request.ratePerSecond()).isEqualTo(100_000);
        assertThat(parse("{'filter':{},'ratePerSecond':0.1}").request().ratePerSecond()).isEqualTo(0.1);
    }

    @Test
    void shouldTakeNoMoreCoordinatesThanAJobCanKeep() {
        // Given
        String letters = IntStream.rangeClosed(0, MOST_COORDINATES)
                .mapToObj(n -> "{'topic':'t','partition':0,'offset':" + n + "}").collect(Collectors.joining(","));

        // Then
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> parse("{'filter':{'letters':[" + letters + "]}}"))
                .satisfies(wrong -> assertThat(wrong.value()).hasSizeLessThan(300));
    }

    private static RedriveInput parse(String body) {
        return RedriveInput.parse(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8), SCHEMA);
    }
}
