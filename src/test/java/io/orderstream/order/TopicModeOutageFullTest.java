package io.orderstream.order;

import org.junit.jupiter.api.Tag;

import io.orderstream.testsupport.KafkaAndRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** The same where failed orders wait in the retry topic: both channels wait for the same outage. */
@Tag("full")
@QuarkusTest
@TestProfile(RetryTopicTest.ByTopic.class)
@WithTestResource(KafkaAndRegistry.class)
class TopicModeOutageFullTest extends OrderOutageTest {

    @Override
    int attemptsTold(int calls) {
        return ATTEMPTS;
    }
}
