package dev.twoliter.core.internal.engine.host;

import dev.twoliter.api.EngineException;
import dev.twoliter.api.Recipe;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.spi.Availability;
import dev.twoliter.api.spi.BuildEngine;
import dev.twoliter.api.spi.EngineContext;
import dev.twoliter.api.spi.PackageScope;
import dev.twoliter.api.spi.PackageStep;
import dev.twoliter.core.internal.engine.Subprocess;
import dev.twoliter.core.internal.engine.spec.BuildLog;
import dev.twoliter.core.internal.engine.spec.BuildRoom;
import dev.twoliter.core.internal.engine.spec.Requirements;
import dev.twoliter.core.internal.engine.spec.SpecBuild;
import dev.twoliter.rpm.RpmPackage;
import dev.twoliter.rpm.RpmUnpacker;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Builds spec packages with the {@code rpmbuild} of this machine, in a private directory. What a spec asks for and this
 * machine does not have is unpacked beside the build, where the macro {@code _cross_sysroot} leads; nothing is installed.
 * Not isolated, and not the SDK: so it builds only where it is chosen by name, and says so. Thread-safe.
 */
public final class HostEngine implements BuildEngine {

    /** Its name. */
    public static final String NAME = "host";

    private static final Duration SHORT = Duration.ofSeconds(20);

    /** For {@link java.util.ServiceLoader}. */
    public HostEngine() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int priority() {
        return -10;
    }

    @Override
    public boolean onlyByName() {
        return true;
    }

    @Override
    public Availability probe(EngineContext context) {
        try {
            Subprocess.Answer answer = new Subprocess(
                            List.of("rpmbuild", "--version"),
                            context.environment().variables(),
                            context.projectDirectory())
                    .ask(SHORT);
            return answer.ok() ? Availability.yes() : Availability.no("rpmbuild does not run: " + answer.text());
        } catch (EngineException e) {
            return Availability.no("this machine has no rpmbuild; install rpm-build (Fedora) or rpm (Debian)");
        }
    }

    @Override
    public boolean supports(PackageStep step) {
        return step.spec().recipe() == Recipe.SPEC;
    }

    @Override
    public void build(PackageStep step, PackageScope scope) throws InterruptedException {
        scope.warn("engine 'host' builds with the tools of this machine: not isolated, and not with the SDK");
        try (BuildRoom room = BuildRoom.open(step, scope, new HostTool(scope));
                BuildLog log = new BuildLog(scope.log(), scope::output)) {
            new Build(step, scope, room, log).run();
        }
    }

    /** One build. */
    private record Build(PackageStep step, PackageScope scope, BuildRoom room, BuildLog log) {

        void run() throws InterruptedException {
            Path top = room.scratch().resolve("rpmbuild");
            Path spec = room.in().resolve(room.spec());
            HostMacros.write(step, room, top);
            Subprocess.Answer wanted = ask("rpmspec", "--query", "--buildrequires", spec.toString());
            if (!wanted.ok()) {
                wanted.text().lines().forEach(log);
                throw SpecBuild.unparsable(step, log);
            }
            install(BuildRoom.requirements(wanted.text()));
            copySources(top);
            scope.progress("building on this machine");
            int status = call("rpmbuild", "-bb", "--clean", "--nodeps", spec.toString())
                    .run(log, scope.cancellation(), () -> {});
            if (status != 0) {
                throw SpecBuild.failed(step, log);
            }
            gather(top.resolve("RPMS"));
            room.collect();
        }

        private void install(List<String> wanted) {
            Path root = room.scratch().resolve(HostMacros.SYSROOT);
            try {
                for (Path rpm : new Requirements(step, room).choose(wanted, HostPackages.installed(this::ask))) {
                    log.accept("unpacking " + rpm.getFileName());
                    RpmUnpacker.into(root).overwrite(true).unpack(RpmPackage.open(rpm));
                }
            } catch (ResolutionException e) {
                throw SpecBuild.unmet(step, room, e);
            }
        }

        /** Where the SDK has them (project-formats.md 5.6): a copy, since cargo completes its lock file. */
        private void copySources(Path top) {
            Path from = step.projectDirectory().resolve("sources");
            Path to = top.resolve("BUILD").resolve("sources");
            if (!Files.isDirectory(from)) {
                return;
            }
            try {
                Files.createDirectories(to.getParent());
                Files.walkFileTree(from, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                            throws IOException {
                        if (directory.equals(from.resolve("target"))) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        Files.createDirectory(to.resolve(from.relativize(directory)));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        Files.copy(
                                file,
                                to.resolve(from.relativize(file)),
                                LinkOption.NOFOLLOW_LINKS,
                                StandardCopyOption.COPY_ATTRIBUTES);
                        return FileVisitResult.CONTINUE;
                    }
                });
            } catch (IOException e) {
                throw StorageException.of("copy", from, e);
            }
        }

        private void gather(Path rpms) {
            Path out = room.out().resolve("rpms");
            try {
                Files.walkFileTree(rpms, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        Files.move(file, out.resolve(file.getFileName()));
                        return FileVisitResult.CONTINUE;
                    }
                });
            } catch (IOException e) {
                throw StorageException.of("move", rpms, e);
            }
        }

        private Subprocess.Answer ask(String... command) {
            return call(command).ask(SHORT);
        }

        private Subprocess call(String... command) {
            Map<String, String> variables = new TreeMap<>(scope.environment().variables());
            variables.put("HOME", room.scratch().toString());
            variables.putAll(SpecBuild.variables(step, scope));
            return new Subprocess(List.of(command), variables, room.scratch());
        }
    }
}
