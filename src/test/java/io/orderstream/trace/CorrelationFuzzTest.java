package io.orderstream.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.orderstream.support.LogText;
import io.orderstream.testsupport.Fuzzed;

/** Headers that say what a record belongs to, of records and of requests. */
class CorrelationFuzzTest {

    private static final long PER_BYTE = 500;
    private static final Tracing TRACING = new OpenTelemetryTracing(
            OpenTelemetrySdk.builder().setTracerProvider(SdkTracerProvider.builder().build()).build());

    @FuzzTest
    void shouldPassOnWhatIsValidAndNothingElse(byte[] bytes) {
        // Given
        Fuzzed input = new Fuzzed(bytes);
        Headers headers = input.headers();

        // When
        Correlation correlation = input.parse(PER_BYTE, () -> Correlation.of(headers));
        RecordTrace trace = input.parse(PER_BYTE, () -> TRACING.taken("orders", 0, 7, null, headers));
        trace.ended(RecordTrace.Outcome.PROCESSED, null);
        Headers passedOn = new RecordHeaders();
        correlation.addTo(passedOn);

        // Then
        assertThat(Correlation.of(passedOn)).isEqualTo(correlation);
        assertThat(correlation.ids().values()).allMatch(LogText::isClean);
        assertThat(trace.ids().values()).allMatch(LogText::isClean);
        passedOn.forEach(header -> assertThat(new String(header.value())).matches("[ -~]{1,512}"));
    }
}
