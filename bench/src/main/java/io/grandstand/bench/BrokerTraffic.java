package io.grandstand.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// What a broker of this machine takes and gives, by its own count over JMX: bytes of records of
/// all topics. Confined to one thread.
final class BrokerTraffic implements AutoCloseable {
    private final JMXConnector connector;
    private final MBeanServerConnection broker;

    /// Connects to the broker's JVM.
    // The address is that of a program which this one has started.
    @SuppressWarnings("BanJNDI")
    BrokerTraffic(ChildProcess process) {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
            try {
                var url = new JMXServiceURL(machine.startLocalManagementAgent());
                connector = JMXConnectorFactory.connect(url);
            } finally {
                machine.detach();
            }
            broker = connector.getMBeanServerConnection();
        } catch (AttachNotSupportedException | IOException e) {
            throw new BenchException("the broker's traffic is asked for over JMX: " + e, e);
        }
    }

    /// Written by producers since the start, changelogs included.
    long bytesIn() {
        return count("BytesInPerSec");
    }

    /// Read by consumers since the start.
    long bytesOut() {
        return count("BytesOutPerSec");
    }

    /// A topic that nobody has used yet is not counted yet.
    private long count(String name) {
        try {
            var metric = new ObjectName("kafka.server:type=BrokerTopicMetrics,name=" + name);
            return broker.isRegistered(metric) ? (Long) broker.getAttribute(metric, "Count") : 0;
        } catch (JMException | IOException e) {
            throw new BenchException("the broker does not tell its traffic: " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException e) {
            // The broker was killed before.
        }
    }
}
