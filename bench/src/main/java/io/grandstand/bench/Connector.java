package io.grandstand.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Opens the sockets of a group. Confined to the event loop.
///
/// @param bootstrap how sockets are made, on the event loop, but for the handler
/// @param source the loopback address to connect from
/// @param encrypted whether to connect by TLS, whatever certificate the server shows
record Connector(
        Bootstrap bootstrap,
        String source,
        boolean protobuf,
        boolean encrypted,
        ClientSocket.Scratch scratch) {
    /// Connects one client to a server of this machine.
    // Connecting is followed by its listener.
    @SuppressWarnings("FutureReturnValueIgnored")
    void connect(ClientSocket.Listener client, int port, String path) {
        var socket = new ClientSocket(client, scratch, "127.0.0.1:" + port, path, protobuf);
        ChannelFuture connected =
                bootstrap
                        .clone()
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        if (encrypted) {
                                            channel.pipeline().addLast(ClientTls.handler(channel));
                                        }
                                        channel.pipeline().addLast(socket);
                                    }
                                })
                        .connect(
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
                                new InetSocketAddress(InetAddress.ofLiteral(source), 0));
        connected.addListener(future -> {
            if (!future.isSuccess()) {
                client.closed("it cannot connect: " + future.cause());
            }
        });
    }
}
