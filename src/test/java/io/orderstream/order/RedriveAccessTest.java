package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.OperatorClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** Who may redrive where there is an operator, and what is said of wrong input. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class RedriveAccessTest extends OrderPipelineFixture {

    private static final String ALL = "{\"filter\":{},\"dryRun\":true}";

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = { "olga:wrong", "other:pass:word", "olga:", ":" })
    void shouldAskForCredentialsAndLetEverybodyLook(String credentials) {
        // Given
        OperatorClient client = new OperatorClient(url, credentials);

        // Then
        for (Answer answer : new Answer[] { client.redrive(ALL), client.redrive("no JSON"), client.stop("x"),
                client.resume("x") }) {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWithIgnoringCase("basic");
        }
        assertThat(client.jobs().status()).isEqualTo(200);
        assertThat(client.job("x").status()).isEqualTo(404);
        assertThat(client.job("x").text("message")).isEqualTo("there is no job x");
    }

    @Test
    void shouldLetTheOperatorPass() {
        // Given
        OperatorClient client = new OperatorClient(url, HalfFailing.CREDENTIALS);
        client.awaitJobsRead(PATIENCE);

        // Then
        assertThat(client.redrive(ALL).status()).isEqualTo(200);
        assertThat(client.stop("x").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "no JSON", "{\"filter\":{\"tpoic\":\"x\"}}" })
    void shouldAnswerWrongInputWithFieldAndRule(String body) {
        // When
        Answer answer = new OperatorClient(url, HalfFailing.CREDENTIALS).redrive(body);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("field")).isEqualTo(body.startsWith("{") ? "filter.tpoic" : "body");
        assertThat(answer.text("rule")).isNotEmpty();
        assertThat(answer.text("message")).contains(answer.text("rule"));
    }
}
