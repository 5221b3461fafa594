package dev.twoliter.core.internal.engine.container;

import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Who the caller is, seen from inside a container. */
record ContainerUser(ContainerCli cli) {

    /** {@return {@code UID:GID}, inside, of whoever owns a directory outside} */
    String owner(Path directory) {
        // Without root, the engine shows the caller's files as root's.
        if (isRootless()) {
            return "0:0";
        }
        try {
            return Files.getAttribute(directory, "unix:uid") + ":" + Files.getAttribute(directory, "unix:gid");
        } catch (IOException e) {
            throw StorageException.of("read", directory, e);
        }
    }

    private boolean isRootless() {
        String format = cli.name().equals("podman") ? "{{.Host.Security.Rootless}}" : "{{.SecurityOptions}}";
        String answer = cli.ask(List.of("info", "--format", format)).text();
        return answer.contains("name=rootless") || answer.strip().equals("true");
    }
}
