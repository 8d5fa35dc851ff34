package io.orderstream.dev;

import java.lang.management.ManagementFactory;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/**
 * Keeps servers running across live reloads. Quarkus discards the application's class loader, and with it every field
 * that refers to a server; a registered MBean survives, and any later application can stop it.
 */
final class JvmResident {

    private static final String DOMAIN = "io.orderstream.dev";

    /** Management interface of a registered server. */
    public interface StoppableMBean {
        void stop() throws Exception;
    }

    private JvmResident() {
    }

    /** Registers a running server under a name until {@link #stopAll()}. */
    static void keep(String name, AutoCloseable server) {
        try {
            StoppableMBean stoppable = server::close;
            mbeans().registerMBean(new StandardMBean(stoppable, StoppableMBean.class),
                    new ObjectName(DOMAIN + ":type=" + name));
        } catch (JMException e) {
            throw new IllegalStateException("cannot keep " + name, e);
        }
    }

    /** Stops and unregisters all servers. */
    static void stopAll() {
        try {
            for (ObjectName name : mbeans().queryNames(new ObjectName(DOMAIN + ":*"), null)) {
                mbeans().invoke(name, "stop", new Object[0], new String[0]);
                mbeans().unregisterMBean(name);
            }
        } catch (JMException e) {
            throw new IllegalStateException("cannot stop what dev mode started", e);
        }
    }

    private static MBeanServer mbeans() {
        return ManagementFactory.getPlatformMBeanServer();
    }
}
