package io.orderstream;

import org.junit.jupiter.api.Tag;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same for what is packaged: the jar in {@code verify -Pfull}, the native executable in {@code verify -Dnative}. */
@Tag("full")
@QuarkusIntegrationTest
class NativePipelinesIT extends PipelinesFullTest {
}
