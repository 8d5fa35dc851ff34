package io.orderstream.dev;

import java.lang.management.ManagementFactory;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/**
 * A server that outlives a live reload: Quarkus throws the application's class loader away, and with it every field that could
 * remember the server. The JVM's MBean server remembers it, and can stop it whichever application started it.
 */
final class JvmResident {

    private static final String DOMAIN = "io.orderstream.dev";

    /** What the MBean server offers. */
    public interface StoppableMBean {
        void stop() throws Exception;
    }

    private JvmResident() {
    }

    /** Keeps a server under a name, until {@link #stopAll()}. */
    static void keep(String name, AutoCloseable server) {
        try {
            StoppableMBean stoppable = server::close;
            mbeans().registerMBean(new StandardMBean(stoppable, StoppableMBean.class),
                    new ObjectName(DOMAIN + ":type=" + name));
        } catch (JMException e) {
            throw new IllegalStateException("cannot keep " + name, e);
        }
    }

    /** Stops every server that is kept. */
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
