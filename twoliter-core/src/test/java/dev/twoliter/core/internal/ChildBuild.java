package dev.twoliter.core.internal;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import dev.twoliter.api.Project;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.plan.SourceRequest;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A build in a process of its own, which can be killed. */
final class ChildBuild implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ChildBuild(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /** Builds the demo's variant. */
    static ChildBuild start(Path project, Path cache) throws IOException {
        return start(project, cache, "metal-demo");
    }

    /** Builds a variant, or the kit when the name ends so, or only fetches kits, or sources from the URL of a cache. */
    static ChildBuild start(Path project, Path cache, String target) throws IOException {
        return new ChildBuild(new ProcessBuilder(command(project, cache, target))
                .redirectErrorStream(true)
                .start());
    }

    /** Builds a variant in another JVM than this one, which is in a directory. */
    static ChildBuild startOn(Path jdk, Path project, Path cache, String variant) throws IOException {
        List<String> command = new ArrayList<>(command(project, cache, variant));
        command.set(0, jdk.resolve("bin/java").toString());
        return new ChildBuild(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Builds a package with an engine, in the environment of this process. */
    static ChildBuild start(Path project, Path cache, String name, String engine, Map<String, String> variables)
            throws IOException {
        List<String> command = new ArrayList<>(command(project, cache, name));
        command.add(engine);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(variables);
        return new ChildBuild(builder.start());
    }

    /** {@return the words of the command that does so} */
    static List<String> command(Path project, Path cache, String target) throws IOException {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                classPath(),
                ChildBuild.class.getName(),
                project.toString(),
                cache.toString(),
                target);
    }

    /** Under surefire this module is patched, its libraries are on the module path, test libraries on the class path. */
    private static String classPath() throws IOException {
        List<String> places = new ArrayList<>();
        for (Class<?> here : List.of(ChildBuild.class, DefaultRuntime.class)) {
            places.add(Path.of(here.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .toString());
        }
        Path target = Path.of("target").toAbsolutePath();
        try (Stream<Path> classes = Files.list(target)) {
            classes.filter(path -> path.endsWith("classes") || path.endsWith("test-classes"))
                    .forEach(path -> places.add(path.toString()));
        }
        for (String property : List.of("jdk.module.path", "java.class.path", "surefire.test.class.path")) {
            String value = System.getProperty(property, "");
            if (!value.isEmpty()) {
                places.add(value);
            }
        }
        return String.join(File.pathSeparator, places);
    }

    /** Waits until the build has begun; fails with what the process said if it has not. */
    void awaitFirstEvent() throws IOException {
        awaitLine("BuildStarted");
    }

    /** Waits until something was said. */
    void awaitLine(String part) throws IOException {
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            if (line.contains(part)) {
                return;
            }
        }
        throw new AssertionError("the child said: " + said);
    }

    /** Kills it as the kernel does when memory runs out. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Waits for its end; returns everything that it said since. */
    String awaitSuccess() throws IOException, InterruptedException {
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
        }
        if (process.waitFor() != 0) {
            throw new AssertionError("the child failed: " + said);
        }
        return said.toString();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The program of the child: project, cache, target, and an engine where the target is a package. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        if (arguments.length > 3) {
            Twoliter.open(Path.of(arguments[0]), Environment.of(System.getenv(), Path.of(arguments[1])))
                    .plan(b -> b.rpm(arguments[2]).arch(Arch.host()).engine(arguments[3]))
                    .run(o -> o.listener(System.out::println));
            return;
        }
        Project project = Twoliter.open(Path.of(arguments[0]), Environment.of(Map.of(), Path.of(arguments[1])));
        String target = arguments[2];
        if (target.equals("fetch")) {
            project.fetch(List.of(Arch.X86_64), o -> o.listener(System.out::println));
            return;
        }
        if (target.startsWith("http:")) {
            project.fetchSources(
                    SourceRequest.builder().build(),
                    o -> o.lookasideCaches(URI.create(target)).listener(System.out::println));
            return;
        }
        project.plan(b -> (target.endsWith("-kit") ? b.kit(target) : b.variant(target)).arch(Arch.X86_64))
                .run(o -> o.listener(System.out::println));
    }
}
