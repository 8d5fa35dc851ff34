package io.orderstream.order;

import org.junit.jupiter.api.Tag;

import io.orderstream.testsupport.KafkaAndRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** The totals of both topics together are those of retries in place. */
@Tag("full")
@QuarkusTest
@TestProfile(RetryTopicTest.ByTopic.class)
@WithTestResource(KafkaAndRegistry.class)
class RetryTopicGroundTruthFullTest extends GroundTruthTest {
}
