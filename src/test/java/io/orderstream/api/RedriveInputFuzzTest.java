package io.orderstream.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.orderstream.json.ValueSchema;
import io.orderstream.redrive.RedriveRequest;
import io.orderstream.testsupport.Fuzzed;

/** Bodies of {@code POST /api/dead-letters/redrive}. */
class RedriveInputFuzzTest {

    private static final long PER_BYTE = 2_000;

    private static final ValueSchema SCHEMA = ValueSchema.ofResource(RedriveInput.SCHEMA);

    @FuzzTest
    void shouldTakeARequestOrSayWhatIsWrong(byte[] body) {
        // When
        Optional<RedriveInput> input = new Fuzzed(body).parse(PER_BYTE, InvalidInputException.class,
                () -> RedriveInput.parse(body, SCHEMA));

        // Then
        input.ifPresent(parsed -> {
            RedriveRequest request = parsed.request();
            assertThat(request.limit()).isBetween(1, RedriveRequest.MOST_LETTERS);
            assertThat(request.ratePerSecond() == null || request.ratePerSecond() >= 0.1).isTrue();
            if (request.filter().letters() != null) {
                assertThat(request.filter().letters()).isNotEmpty().hasSizeLessThanOrEqualTo(1_000)
                        .allMatch(letter -> letter.partition() >= 0 && letter.offset() >= 0);
            }
        });
    }
}
