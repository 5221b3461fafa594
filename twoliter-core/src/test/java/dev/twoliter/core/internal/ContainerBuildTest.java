package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.twoliter.api.BuildFailedException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Template;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.plan.BuildRequest;
import dev.twoliter.api.plan.BuildResult;
import dev.twoliter.core.internal.scaffold.StandInSdk;
import dev.twoliter.testing.Command;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Spec packages built in a stand-in SDK under a real daemon. */
@Tag("any-jdk")
@ExtendWith(SdkCondition.class)
class ContainerBuildTest {

    @TempDir
    Path directory;

    private Environment environment;

    @BeforeEach
    void makeEnvironment() {
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.keySet().removeIf(name -> name.startsWith("BUILDSYS_"));
        environment = Environment.of(variables, directory.resolve("cache"));
    }

    private Path project() {
        return directory.resolve("project");
    }

    private Path file(String path) {
        return project().resolve(path);
    }

    private static BuildRequest request(BuildRequest.Builder target) {
        return target.arch(SpecWorld.ARCH).engine("docker").build();
    }

    private BuildResult build(BuildRequest request) {
        return Twoliter.open(project(), environment).plan(request).run();
    }

    private Project create() {
        return SpecWorld.create(
                project(),
                environment,
                SdkCondition.registry(),
                spec -> spec.addPackage(
                                "hello-go",
                                p -> p.specFile(SpecWorld.spec("hello-go", """
                                        Source1: main.go

                                        %description
                                        %{summary}.

                                        %prep
                                        %setup -T -c
                                        cp %{SOURCE1} .

                                        %build
                                        GO111MODULE=off GOFLAGS=-trimpath go build -buildmode=exe -o hello-go main.go

                                        %install
                                        install -D -m 0755 hello-go %{buildroot}%{_cross_bindir}/hello-go

                                        %files
                                        %{_cross_bindir}/hello-go
                                        """))
                                        .source(
                                                "main.go",
                                                "package main\n\nfunc main() { println(\"go\") }\n"
                                                        .getBytes(StandardCharsets.UTF_8)))
                        .addKit("go-kit", k -> k.packages("hello-go"))
                        .addVariant(
                                "metal-go",
                                v -> v.kits("go-kit", "app-kit", "tool-kit", "base-kit")
                                        .packages("hello-go", "release", "greet", "from-group")));
    }

    private static List<String> containers() {
        return Command.output("docker", "ps", "--all", "--quiet", "--filter", "label=dev.twoliter.owner")
                .lines()
                .toList();
    }

    @Test
    void a_project_of_c_and_go_sources_becomes_an_image_and_a_second_run_does_nothing() throws IOException {
        create();
        build(request(BuildRequest.builder().variant("metal-go")));

        assertThat(Files.readString(file("build/images/" + SpecWorld.ARCH + "-metal-go/latest/installed-packages.txt")))
                .contains("bottlerocket-hello-go.", "bottlerocket-greet.", "bottlerocket-libgreet.")
                .doesNotContain("devel");
        try (Stream<Path> files = Files.walk(file("build"))) {
            assertThat(files.toList())
                    .allSatisfy(path -> assertThat(Files.getOwner(path)).isEqualTo(Files.getOwner(project())));
        }
        assertThat(containers()).isEmpty();
        long start = System.nanoTime();
        BuildResult again = build(request(BuildRequest.builder().variant("metal-go")));
        // Two seconds on a quiet machine; tests run on busy ones.
        assertThat((System.nanoTime() - start) / 1e9).isLessThan(15);
        assertThat(again.steps()).allMatch(BuildResult.StepResult::upToDate);
    }

    @Test
    void the_template_of_the_walk_through_becomes_an_image() {
        Project project = Twoliter.create(
                project(),
                ProjectSpec.builder()
                        .releaseVersion("1.0.0")
                        .vendor("acme", "oci:" + SdkCondition.registry())
                        .sdk("stand-in-sdk", "0.1.0", "acme")
                        .addPackage("glibc", p -> p.specFile(SpecWorld.spec("glibc", """
                                %description
                                %{summary}.

                                %package devel
                                Summary: To build against it

                                %description devel
                                %{summary}.

                                %files

                                %files devel
                                """)))
                        .addPackage(Twoliter.newPackage("hello-agent", Template.SPEC).toBuilder()
                                .buildDependencies("glibc")
                                .build())
                        .addKit("hello-dev-kit", k -> k.packages("hello-agent"))
                        .addVariant("example-dev", v -> v.kits("hello-dev-kit").packages("hello-agent"))
                        .build(),
                environment);
        project.updateLock().write();

        build(request(BuildRequest.builder().variant("example-dev")));

        assertThat(file("build/images/" + SpecWorld.ARCH + "-example-dev/latest/installed-packages.txt"))
                .content()
                .contains("bottlerocket-hello-agent.");
    }

    @Test
    void external_files_come_from_a_cache_and_go_modules_are_bundled_once() throws Exception {
        Path app = Files.createDirectories(directory.resolve("src/app-1.0/lib"));
        Path root = app.getParent();
        Files.writeString(root.resolve("go.mod"), """
                module example.com/app

                go 1.19

                require example.com/lib v0.0.0

                replace example.com/lib => ./lib
                """);
        Files.writeString(root.resolve("main.go"), """
                package main

                import "example.com/lib"

                func main() { println(lib.Word()) }
                """);
        Files.writeString(app.resolve("go.mod"), "module example.com/lib\n\ngo 1.19\n");
        Files.writeString(app.resolve("lib.go"), "package lib\n\nfunc Word() string { return \"bundled\" }\n");
        Path archive = directory.resolve("app-1.0.tar.gz");
        Command.runIn(root.getParent(), Map.of(), "tar", "-czf", archive, "app-1.0")
                .succeeded();
        byte[] bytes = Files.readAllBytes(archive);
        String sha512 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
        List<String> requests = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            String cache = "http://127.0.0.1:" + server.getAddress().getPort() + "/cache";
            environment = environment
                    .with("BUILDSYS_LOOKASIDE_CACHE", cache)
                    .with("GOPROXY", "off")
                    .with("GOSUMDB", "off");
            SpecWorld.create(
                    project(),
                    environment,
                    SdkCondition.registry(),
                    spec -> spec.addPackage(
                            "app",
                            p -> p.specFile(SpecWorld.spec("app", """
                            Source0: app-1.0.tar.gz
                            Source1: bundled-app-1.0.tar.gz

                            %description
                            %{summary}.

                            %prep
                            %setup -n app-1.0
                            %setup -T -D -n app-1.0 -b 1

                            %build
                            GOFLAGS="-mod=vendor -trimpath -buildvcs=false" go build -o app .

                            %install
                            test "$(./app 2>&1)" = bundled
                            install -D -m 0755 app %{buildroot}%{_cross_bindir}/app

                            %files
                            %{_cross_bindir}/app
                            """))
                                    .addExternalFile(new ExternalFile(
                                            "https://upstream.invalid/app-1.0.tar.gz",
                                            sha512,
                                            null,
                                            false,
                                            List.of("go"),
                                            null,
                                            null))));

            build(request(BuildRequest.builder().rpm("app")));
            assertThat(requests).containsExactly("/cache/app-1.0.tar.gz/" + sha512 + "/app-1.0.tar.gz");

            Twoliter.open(project(), environment).clean();
            List<BuildEvent> events = new CopyOnWriteArrayList<>();
            Twoliter.open(project(), environment)
                    .plan(request(BuildRequest.builder().rpm("app")))
                    .run(options -> options.listener(events::add));
            assertThat(requests).hasSize(1);
            assertThat(events).noneMatch(event -> event.toString().contains("bundling the Go modules"));
        } finally {
            server.stop(0);
        }
    }

    @EnabledIfEnvironmentVariable(named = "TWOLITER_TEST_PODMAN", matches = "1")
    @Test
    void podman_does_what_docker_does() {
        create();
        BuildRequest request =
                BuildRequest.builder().rpm("greet").engine("podman").build();
        build(request);
        assertThat(Command.output("podman", "ps", "--all", "--quiet")).isEmpty();
        // Containers of all kinds give the same: so the other engine has nothing to do.
        assertThat(SpecWorld.stale(
                        project(),
                        environment,
                        BuildRequest.builder().rpm("greet").engine("docker").build()))
                .isEmpty();
    }

    @Test
    void an_image_that_is_no_sdk_is_named() throws IOException {
        for (Map.Entry<String, byte[]> file : StandInSdk.files().entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        SpecWorld.create(project(), environment, "../registry", spec -> spec);
        assertThatThrownBy(() -> build(request(BuildRequest.builder().rpm("motd"))))
                .hasMessageContaining("builds no spec packages: it has no /bin/sh");
    }

    @Test
    void failures_are_told_with_the_line_that_matters() throws IOException {
        create();
        Files.writeString(file("packages/libgreet/greet.c"), "#include \"greet.h\"\nint greet(void) { return x; }\n");
        assertThat(catchThrowableOfType(
                        BuildFailedException.class,
                        () -> build(request(BuildRequest.builder().rpm("libgreet")))))
                .hasMessageContaining("rpmbuild failed: greet.c:2:")
                .hasMessageContaining("undeclared");

        String motd = Files.readString(file("packages/motd/motd.spec"));
        Files.writeString(
                file("packages/motd/motd.spec"), motd.replace("License", "BuildRequires: nobody-has-it\nLicense"));
        assertThatThrownBy(() -> build(request(BuildRequest.builder().rpm("motd"))))
                .hasMessageContaining("package 'motd' cannot be built")
                .hasMessageContaining("nobody-has-it");

        Files.writeString(file("packages/motd/motd.spec"), "Name: x\n%if 1\n");
        assertThatThrownBy(() -> build(request(BuildRequest.builder().rpm("motd"))))
                .hasMessageContaining("packages/motd/motd.spec cannot be parsed: ")
                .hasMessageContaining("Unclosed %if");
        assertThat(containers()).isEmpty();
    }

    @Test
    void a_build_has_no_network_and_only_the_repositories_of_the_graph() throws IOException {
        create();
        String motd = Files.readString(file("packages/motd/motd.spec"));
        Files.writeString(file("packages/motd/motd.spec"), motd.replace("%install\n", """
                        %install
                        test "$(ls /sys/class/net)" = lo
                        test "$(id -un)" = builder
                        """));
        build(request(BuildRequest.builder().rpm("motd")));

        // libgreet-devel exists, but the graph does not give it to motd.
        Files.writeString(
                file("packages/motd/motd.spec"),
                motd.replace("License", "BuildRequires: %{_cross_os}libgreet-devel\nLicense"));
        assertThatThrownBy(() -> build(request(BuildRequest.builder().rpm("motd"))))
                .hasMessageContaining("bottlerocket-libgreet-devel");
    }
}
