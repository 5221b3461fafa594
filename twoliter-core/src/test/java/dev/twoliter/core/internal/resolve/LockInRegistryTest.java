package dev.twoliter.core.internal.resolve;

import dev.twoliter.testing.DockerRegistry;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The registry is docker's, on this machine; each test has a place of its own in it. */
@Peer("docker-registry")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LockInRegistryTest extends LockRules {

    private DockerRegistry docker;

    @BeforeAll
    void start(@TempDir Path home) throws IOException, InterruptedException {
        docker = DockerRegistry.start(home);
    }

    @AfterAll
    void stop() {
        docker.close();
    }

    @Override
    String registry() {
        return docker.host() + "/"
                + directory
                        .getFileName()
                        .toString()
                        .toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("[^a-z0-9]", "");
    }

    @Override
    String storeName() {
        return registry();
    }
}
