package io.orderstream.testsupport;

import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** Gives a Quarkus test an endpoint for orders. A test gets at it through a field of type {@link FulfilmentServer}. */
public class Fulfilment implements QuarkusTestResourceLifecycleManager {

    private FulfilmentServer server;

    @Override
    public Map<String, String> start() {
        server = new FulfilmentServer().start();
        return Map.of("FULFILMENT_URL", server.url());
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(server, new TestInjector.MatchesType(FulfilmentServer.class));
    }

    @Override
    public void stop() {
        if (server != null) {
            server.close();
        }
    }
}
