package io.grandstand.client;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.URI;
import java.util.SplittableRandom;

/// The lines that the README shows.
final class ReadmeExample {
    final EventLoopGroup loops;
    final GrandstandClient client;

    ReadmeExample(String endpoint, String token) {
        // begin
        var loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
        var config = new ClientConfig(URI.create(endpoint), token);
        var client =
                new GrandstandClient(
                        loops, config, new SplittableRandom(), new ClientListener() {});
        client.subscribe(
                "ball:m1",
                new SubscriptionListener() {
                    @Override
                    public void publication(Publication publication) {
                        System.out.println(publication.offset() + " " + publication.text());
                    }
                });
        client.connect();
        // end
        this.loops = loops;
        this.client = client;
    }
}
