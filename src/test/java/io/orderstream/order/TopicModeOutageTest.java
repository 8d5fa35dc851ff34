package io.orderstream.order;

import io.orderstream.testsupport.KafkaAndRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** The same where failed orders wait in the retry topic: both channels wait for the same outage. */
@QuarkusTest
@TestProfile(RetryTopicTest.ByTopic.class)
@WithTestResource(KafkaAndRegistry.class)
class TopicModeOutageTest extends OrderOutageTest {

    @Override
    int attemptsTold(int calls) {
        return ATTEMPTS;
    }
}
