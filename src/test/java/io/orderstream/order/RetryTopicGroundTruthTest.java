package io.orderstream.order;

import java.util.HashMap;
import java.util.Map;

import io.orderstream.testsupport.KafkaAndRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** The totals of both topics together are those of retries in place. */
@QuarkusTest
@TestProfile(RetryTopicGroundTruthTest.ByTopic.class)
@WithTestResource(KafkaAndRegistry.class)
class RetryTopicGroundTruthTest extends GroundTruthTest {

    public static class ByTopic extends QuickRetries {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
            settings.put("RETRY_MODE", "topic");
            return settings;
        }
    }
}
