package dev.twoliter.core.internal;

import dev.twoliter.api.Project;
import dev.twoliter.api.plan.BuildResult;
import dev.twoliter.api.plan.PublishResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The demo, published and built once for all test classes that take it as a parameter, because a disk takes its time.
 * Whoever changes it puts it back.
 */
final class BuiltWorld implements AutoCloseable {

    final Path directory;
    final Demo demo;
    final Project base;
    final PublishResult published;
    final Project os;
    final BuildResult built;

    private BuiltWorld() {
        try {
            directory = Files.createTempDirectory("twoliter-world");
            demo = new Demo(Files.createDirectory(directory.resolve("one")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        demo.publishSdk("0.50.0");
        base = demo.baseProject();
        published = demo.publishBase(base);
        os = demo.osProject();
        built = demo.buildOs(os);
    }

    @Override
    public void close() throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(directory)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }

    /** Hands it to test classes. */
    static final class Resolver implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == BuiltWorld.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(BuiltWorld.class, key -> new BuiltWorld(), BuiltWorld.class);
        }
    }
}
