package io.orderstream.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.api.PipelinesOffFullTest;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.OperatorClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** Without an operator in the settings nobody redrives, and everybody is told why. */
@Tag("full")
@QuarkusTest
@TestProfile(PipelinesOffFullTest.Off.class)
@WithTestResource(KafkaAndRegistry.class)
class RedriveOffFullTest extends OrderPipelineFixture {

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "olga:guess")
    void shouldForbidAndSayHowToSwitchItOn(String credentials) {
        // Given
        OperatorClient client = new OperatorClient(url, credentials);

        // Then
        for (Answer answer : new Answer[] { client.redrive("{\"filter\":{}}"), client.stop("x"), client.resume("x") }) {
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.text("message")).isEqualTo("redrive is off: set OPERATOR_USER and OPERATOR_PASSWORD,"
                    + " or add an OIDC extension that gives the role operator");
        }
        assertThat(client.jobs().status()).isEqualTo(200);
        assertThat(client.jobs().body()).isEmpty();
    }
}
