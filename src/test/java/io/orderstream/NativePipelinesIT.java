package io.orderstream;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same for what is packaged: the jar in {@code verify}, the native executable in {@code verify -Dnative}. */
@QuarkusIntegrationTest
class NativePipelinesIT extends PipelinesTest {
}
